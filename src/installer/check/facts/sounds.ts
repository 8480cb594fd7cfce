import { soundFolder } from "../../../contract/names.ts";
import { fail, pass, warn } from "../../verdict.ts";
import { type Fact, reinstall } from "../evidence.ts";

/** Checks that every prompt can be played. */
export const soundFacts: readonly Fact[] = [
  {
    id: "prompts",
    live: false,
    look: async ({ settings, soundFault }) => {
      const names = Object.values(settings.prompts).flatMap((sounds) => sounds.split("&"));
      const looked = await Promise.all(names.map(async (name) => ({ name, fault: await soundFault(name) })));
      const faults = looked.flatMap(({ name, fault }) => (fault ? [{ name, fault }] : []));
      const [first] = faults;
      if (first === undefined) return pass(`Asterisk can play all ${Object.keys(settings.prompts).length}`);
      const isOurs = first.name.startsWith(`${soundFolder}/`) && !first.fault.remedy.includes("chmod");
      return fail(faults.map(({ fault }) => fault.message).join(" "), isOurs ? reinstall : first.fault.remedy);
    },
  },
  {
    id: "music",
    live: true,
    look: async ({ cli, settings }) => {
      const { music_class: name } = settings.general;
      const shown = (await cli?.run("moh show classes")) ?? "";
      if (new RegExp(`^Class: ${name}$`, "m").test(shown)) return pass(name);
      return warn(
        `the music class ${name} has nothing to play: callers who wait or are transferred hear silence`,
        "Put music where musiconhold.conf says, then run `asterisk -rx 'moh reload'`. Or name another class: music_class.",
      );
    },
  },
];
