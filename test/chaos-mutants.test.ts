/**
 * The oracle of `npm run chaos` catches what it should: dialplans that are broken on purpose, each within 200 calls and by the rule
 * that it breaks. That takes an hour, so only CHAOS_MUTANTS=all plays them.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { storyOf } from "../src/tools/chaos/generate.ts";
import type { rules } from "../src/tools/chaos/rules/table.ts";
import { run } from "../src/tools/chaos/run.ts";
import type { Site } from "../src/tools/chaos/site.ts";
import { compileWith, sentence, top } from "./compile.ts";

interface Mutant {
  readonly title: string;
  /** The file below src/dialplan, a text that it has once, and the text that replaces it. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly rule: keyof typeof rules;
}

const mutants: readonly Mutant[] = [
  {
    title: "the caller hears nothing while a phone rings",
    file: "ring.ts",
    from: 'return setting("hear") === "music" ? music() : "r";',
    to: 'return "";',
    rule: "nobody hears silence",
  },
  {
    title: "the line has no order",
    file: "ticket.ts",
    from: "isFree() && callersBefore() === 0 && ",
    to: "isFree() && ",
    rule: "nobody in a line is overtaken",
  },
  {
    title: "no transfer is recorded",
    file: "record.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source
    from: 'app.Log("NOTICE", `smart-transfer: ${text}`);',
    to: "",
    rule: "every transfer has its record",
  },
  {
    title: "every record says that the caller gave up",
    file: "record.ts",
    from: 'const outcome = name !== "" && isAnswered(name as Step)',
    to: 'const outcome = name === "none" && isAnswered(name as Step)',
    rule: "every transfer has its record",
  },
  {
    title: "a recall has no timeout",
    file: "ring.ts",
    from: 'const limit = numberSetting(goesBack ? "recall_timeout" : "ring_timeout");',
    to: 'const limit = goesBack ? 60 : numberSetting("ring_timeout");',
    rule: "no phone is rung too long",
  },
  {
    title: "a phone is rung for whoever wants it",
    file: "ticket.ts",
    from: "return isFree() && callersBefore() === 0 && !isRung(extension) && isFree();",
    to: "return true;",
    rule: "no phone is rung that is in use",
  },
  {
    title: "who is refused loses their call",
    file: "key-handed-over.ts",
    from: "app.Playback(prompt(refusalPrompts[refusal]));",
    // Hangup alone ends nothing here: Asterisk ignores what the application of a feature returns (bridge_channel.c).
    to: '(app as unknown as { SoftHangup(this: void, who: string): void }).SoftHangup(channel.CHANNEL("name").get() ?? "");',
    rule: "nobody is cut off",
  },
  {
    title: "who is taken by nobody is let go without a word",
    file: "fallback.ts",
    from: 'app.Playback(prompt("goodbye"));',
    to: "",
    rule: "nobody is cut off",
  },
  {
    title: "any key on the mobile takes the call",
    file: "mobile.ts",
    from: "=== accepts",
    to: '!== ""',
    rule: "a mobile takes a call with 1 only",
  },
  {
    title: "no key leads out of a ringing phone",
    file: "ring.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source
    from: '`${keys === undefined ? "" : "d"}i${options}`',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source
    to: "`i${options}`",
    rule: "1 takes the caller back",
  },
  {
    title: "nobody is refused",
    file: "key-handed-over.ts",
    from: "context === plainContexts.sent ? receiverRefusal(own, digits) : passThroughRefusal(digits, context);",
    to: "undefined as Refusal | undefined;",
    rule: "nobody is sent to who cannot take the call",
  },
  {
    title: "nobody is asked",
    file: "asked.ts",
    from: 'return (isRemote(receiver) && state !== "offline" ? askHome(receiver) : state) === "busy";',
    to: 'return (isRemote(receiver) && state !== "offline" ? askHome(receiver) : state) === "offline";',
    rule: "who is to be asked is asked",
  },
  {
    title: "no key leads to the voicemail",
    file: "choice.ts",
    from: 'return !goesBack && setting("voicemail") !== "" && mailboxOf(current().receiver) !== undefined;',
    to: 'return !goesBack && setting("voicemail") === "none" && mailboxOf(current().receiver) !== undefined;',
    rule: "2 leads to the voicemail",
  },
  {
    title: "a mobile that nobody accepted is called again",
    file: "mobile-way.ts",
    from: "return now() - since < memory();",
    to: "return now() - since < 0;",
    rule: "a mobile that nobody accepted is left alone",
  },
  {
    title: "a recall does not say why",
    file: "recall.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source
    from: "showReason(`${receiver} ${reason}`);",
    to: "",
    rule: "a recall says why",
  },
];

const calls = 200;
/** In so many offices one after the other, so that a mutant is named as soon as it is found. */
const parts = 4;
const suite = process.env.ASTERISK_SUITE;

async function mutated({ title, file, from, to }: Mutant): Promise<string> {
  const text = await readFile(join(top, "src/dialplan", file), "utf8");
  assert.is(text.split(from).length, 2, `"${title}": its text stands once in ${file}`);
  return text.replace(from, () => to);
}

async function compiled(mutant: Mutant): Promise<string> {
  const { title, file } = mutant;
  const { lua, complaints } = compileWith({ [`src/dialplan/${file}`]: await mutated(mutant) });
  // Code that a mutant leaves unused is no fault.
  const faults = complaints.filter(({ reportsUnnecessary }) => reportsUnnecessary === undefined).map(sentence);
  assert.equal(faults, [], `"${title}" compiles`);
  return lua;
}

/** Rules that are broken, with the number of calls after which the first was. */
async function foundWith(spoil: (site: Site) => Promise<void>, rule: string): Promise<string> {
  const others = new Set<string>();
  for (let part = 1; part <= parts; part++) {
    const { findings } = await run(storyOf(part, calls / parts), { suite, spoil });
    for (const finding of findings) others.add(finding.rule);
    const found = findings.find((finding) => finding.rule === rule);
    if (found !== undefined) return `found by seed ${part}, call ${found.call}: ${found.says}`;
  }
  return `NOT FOUND; but ${[...others].join("; ")}`;
}

async function writeDialplan({ pbx }: Site, lua: string): Promise<void> {
  await writeFile(join(pbx.etcDir, "smart_transfer.d/dialplan.lua"), lua);
  await pbx.cli("module reload pbx_lua.so");
}

/** The key, inherited by the other leg. */
async function inheritKey({ pbx }: Site): Promise<void> {
  const folder = join(pbx.etcDir, "smart_transfer.d");
  for (const name of (await readdir(folder)).filter((one) => one.startsWith("pjsip-"))) {
    const text = await readFile(join(folder, name), "latin1");
    await writeFile(join(folder, name), text.replace("DYNAMIC_FEATURES=", "__DYNAMIC_FEATURES="), "latin1");
  }
  await pbx.cli("module reload res_pjsip.so");
}

test("each dialplan that is broken on purpose is found, and named", async () => {
  for (const mutant of mutants) await mutated(mutant);
  if (process.env.CHAOS_MUTANTS === undefined) return;
  const survivors: string[] = [];
  const play = async (title: string, rule: string, spoil: (site: Site) => Promise<void>) => {
    const found = await foundWith(spoil, rule);
    console.log(`${title}: ${rule}: ${found}`);
    if (found.startsWith("NOT")) survivors.push(title);
  };
  const wanted = new RegExp(process.env.CHAOS_MUTANTS === "all" ? "" : process.env.CHAOS_MUTANTS);
  for (const mutant of mutants.filter(({ title }) => wanted.test(title))) {
    const lua = await compiled(mutant);
    await play(mutant.title, mutant.rule, (site) => writeDialplan(site, lua));
  }
  const inherited = "an outsider has the key";
  if (wanted.test(inherited)) await play(inherited, "an outsider's key does nothing", inheritKey);
  assert.equal(survivors, []);
});

test.run();
