import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AsteriskCli } from "../asterisk/cli.ts";
import { neededModules } from "../asterisk/modules.ts";
import { requireVersion, type Survey } from "../asterisk/survey.ts";
import { deviceOf, type Endpoint } from "../asterisk/technologies.ts";
import { Problem } from "../errors.ts";
import { isMarked, neededFiles } from "../plan/admin-files.ts";
import { transferEndpoints } from "../plan/endpoint-files.ts";
import { dialplanFile, type Shipped } from "../plan/generated.ts";
import { loadedContexts } from "../plan/loader-block.ts";
import type { Scene } from "../plan/scene.ts";
import { features, lineName } from "../settings/files.ts";
import { type Fault, inspectSettings, type Settings } from "../settings/model.ts";
import { type Finding, fail, pass, warn } from "./finding.ts";

/** What the facts are looked up in. Without a running Asterisk (`--offline`), `cli` and `survey` are missing. */
export interface Evidence {
  readonly scene: Scene;
  readonly shipped: Shipped;
  readonly settings: Settings;
  readonly faults: readonly Fault[];
  readonly survey: Survey | undefined;
  readonly cli: AsteriskCli | undefined;
  /** Why Asterisk could not play a sound of this name; `undefined` when it can. */
  readonly soundFault: (name: string) => Promise<Problem | undefined>;
}

export interface Fact {
  readonly id: string;
  /** Needs a running Asterisk. */
  readonly live: boolean;
  look(evidence: Evidence): Finding | Promise<Finding>;
}

const reinstall = "Run `asterisk-smart-transfer install`.";

/** Enough to find a fault of the whole; each look is a connection to the control socket. */
const mostEndpointsLookedAt = 50;

export const facts: readonly Fact[] = [
  {
    id: "version",
    live: true,
    look: ({ survey }) => {
      const version = survey?.version ?? "";
      try {
        requireVersion(version);
        return pass(`Asterisk ${version}`);
      } catch (error) {
        if (error instanceof Problem) return fail(error.message, error.remedy);
        throw error;
      }
    },
  },
  {
    id: "modules",
    live: true,
    look: ({ survey }) => {
      const needed = neededModules(survey?.modules);
      const missing = needed.filter((module) => !survey?.modules.has(module));
      if (missing.length === 0) return pass(`${needed.length} loaded`);
      return fail(
        `not loaded: ${missing.join(", ")}`,
        `Load it: \`asterisk -rx 'module load ${missing[0]}'\`, and see modules.conf.`,
      );
    },
  },
  {
    id: "settings",
    live: false,
    look: ({ scene, faults }) => {
      const [first] = faults;
      if (!scene.files.has(scene.paths.settings)) return fail(`${scene.paths.settings} is missing`, reinstall);
      if (first === undefined) return pass(scene.paths.settings);
      return fail(`${scene.paths.settings}, line ${first.line}: ${first.message}`, "Correct that line.");
    },
  },
  {
    id: "dialplan",
    live: false,
    look: ({ scene, shipped }) => {
      const path = `${scene.paths.own}/dialplan.lua`;
      const text = scene.files.get(path)?.content.toString();
      if (text === undefined) return fail(`${path} is missing`, reinstall);
      return text === dialplanFile(shipped)
        ? pass(`version ${shipped.version}, unaltered`)
        : fail(`${path} is not that of version ${shipped.version}`, reinstall);
    },
  },
  {
    id: "includes",
    live: false,
    look: ({ scene }) => {
      const ours = [...scene.files.keys()].filter((path) => dirname(path) === scene.paths.own);
      const needed = neededFiles(ours.map((path) => basename(path)));
      const lost = needed.filter((name) => !isMarked(scene, name));
      return lost.length === 0 ? pass(needed.join(", ")) : fail(`our lines are not in ${lost.join(", ")}`, reinstall);
    },
  },
  {
    id: "contexts",
    live: true,
    look: async ({ cli }) => {
      const missing: string[] = [];
      for (const context of loadedContexts) {
        const shown = (await cli?.run(`dialplan show ${context}`)) ?? "";
        if (!shown.includes(`'${context}'`)) missing.push(context);
      }
      if (missing.length === 0) return pass(loadedContexts.join(", "));
      return fail(
        `not in the dialplan: ${missing.join(", ")}`,
        "Run `asterisk -rx 'module reload pbx_lua.so'`, and see Asterisk's log if it fails.",
      );
    },
  },
  {
    id: "key",
    live: true,
    look: async ({ cli, settings }) => {
      const shown = (await cli?.run("features show")) ?? "";
      const keys = [
        { name: features.transfer, key: settings.general.transfer_key },
        { name: features.return, key: settings.general.return_key },
      ];
      const wrong = keys.find(({ name, key }) => keyOf(name, shown) !== key);
      if (wrong === undefined) return pass(keys.map(({ name, key }) => `${key} ${name}`).join(", "));
      const live = keyOf(wrong.name, shown);
      const seen =
        live === undefined
          ? `Asterisk does not know the feature ${wrong.name}`
          : `the live key of ${wrong.name} is ${live}, not ${wrong.key}`;
      return fail(seen, "Run `asterisk -rx 'module reload features'`, and see Asterisk's log if it fails.");
    },
  },
  {
    id: "lines",
    live: true,
    look: async ({ cli, settings }) => {
      const shown = (await cli?.run("queue show")) ?? "";
      const lines = new Set(shown.match(/^\S+(?= has )/gm));
      const missing = settings.directory.filter(({ extension }) => !lines.has(lineName + extension));
      if (missing.length === 0) return pass(`${settings.directory.length} waiting lines`);
      const names = missing.slice(0, 5).map(({ extension }) => extension);
      return fail(
        `no line for ${names.join(", ")}`,
        "Run `asterisk -rx 'module reload app_queue.so'`, and see Asterisk's log if it fails.",
      );
    },
  },
  {
    id: "endpoints",
    live: true,
    look: async ({ cli, settings }) => {
      const all = transferEndpoints(settings);
      const some = all.slice(0, mostEndpointsLookedAt);
      const lacks = async (endpoint: Endpoint) => !carriesKey(endpoint, await shownBy(cli, endpoint));
      let without = await keep(some, lacks);
      if (without.some(({ technology }) => technology.name === "SIP")) {
        // chan_sip says that it was reloaded before it has read anything (do_monitor).
        await sleep(1000);
        without = await keep(without, lacks);
      }
      const of = some.length < all.length ? ` (the first ${some.length} of ${all.length} looked at)` : "";
      if (without.length === 0) return pass(`${all.length} carry the key${of}`);
      return fail(
        `without the key: ${without.map(deviceOf).join(", ")}${of}`,
        `See that each still exists in ${without[0]?.technology.conf}, then run \`asterisk-smart-transfer install\`.`,
      );
    },
  },
  {
    // Without one a peer of chan_sip is never in use (update_call_counter): who talks is rung a second time.
    id: "call counters",
    live: true,
    look: async ({ cli, settings }) => {
      const peers = transferEndpoints(settings).filter(({ technology }) => technology.name === "SIP");
      if (peers.length === 0) return { status: "skipped", seen: "no peers of chan_sip" };
      const uncounted = await keep(peers.slice(0, mostEndpointsLookedAt), async (peer) =>
        /^ *Call limit +: 0\s*$/m.test(await shownBy(cli, peer)),
      );
      if (uncounted.length === 0) return pass("busy peers are seen");
      return warn(
        `Asterisk does not see when these are busy: ${uncounted.map(deviceOf).join(", ")}`,
        "Set callcounter = yes in [general] of sip.conf, then `asterisk -rx 'module reload chan_sip.so'`.",
      );
    },
  },
  {
    id: "prompts",
    live: false,
    look: async ({ settings, soundFault }) => {
      const names = Object.values(settings.prompts).flatMap((sounds) => sounds.split("&"));
      const faults = (await Promise.all(names.map(soundFault))).filter((fault) => fault !== undefined);
      const [first] = faults;
      if (first === undefined) return pass(`${Object.keys(settings.prompts).length} there`);
      return fail(faults.map(({ message }) => message).join(" "), first.remedy);
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
        `the class ${name} has nothing to play: who waits in a line or is being transferred hears silence`,
        "Put music where musiconhold.conf says, then `asterisk -rx 'moh reload'`; or name another class: music_class.",
      );
    },
  },
];

/** `smart-transfer            no def     #` in the table of `features show` (res_features, main/features_config.c). */
export function keyOf(name: string, shown: string): string | undefined {
  const row = shown.split("\n").find((line) => line.startsWith(`${name} `));
  return row?.trim().split(/\s+/).at(-1);
}

async function shownBy(cli: AsteriskCli | undefined, { technology, name }: Endpoint): Promise<string> {
  return (await cli?.run(`${technology.show} ${name}`)) ?? "";
}

function carriesKey({ technology }: Endpoint, shown: string): boolean {
  const list = technology.shown("DYNAMIC_FEATURES").exec(shown)?.[1] ?? "";
  return list.split("#").includes(features.transfer);
}

/** Those for which the test holds, one after the other: each is a connection to the control socket. */
async function keep<T>(all: readonly T[], test: (one: T) => Promise<boolean>): Promise<T[]> {
  const kept: T[] = [];
  for (const one of all) if (await test(one)) kept.push(one);
  return kept;
}

/** Reads the settings for the facts, without stopping at their faults. */
export function settingsAsFound(scene: Scene): { settings: Settings; faults: Fault[] } {
  return inspectSettings(scene.files.get(scene.paths.settings)?.content.toString("latin1") ?? "");
}
