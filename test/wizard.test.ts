// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NUMBER} is what the admin writes

import { test } from "uvu";
import * as assert from "uvu/assert";
import { promptSounds } from "../src/contract/names.ts";
import { type Asker, back, typed } from "../src/installer/ask/asker.ts";
import { answersOf, type Draft, proposedDraft } from "../src/installer/ask/draft.ts";
import { readMobiles, writeMobiles } from "../src/installer/ask/mobiles.ts";
import { choicesOf, peopleOf, sumOf } from "../src/installer/ask/people.ts";
import { askSteps, type WizardStep } from "../src/installer/ask/steps.ts";
import { questions, type WizardInput } from "../src/installer/ask/wizard.ts";
import { greeting } from "../src/installer/ask/words.ts";
import type { Survey } from "../src/installer/preflight/survey.ts";
import { newDocument } from "../src/installer/settings/document.ts";
import { readSettings } from "../src/installer/settings/model.ts";

const entries = (...numbers: string[]) => numbers.map((extension) => ({ extension, device: `PJSIP/${extension}` }));

/** Gives the answers in order. A faulty text is refused as on a terminal, and the next one is tried. */
function scripted(...answers: unknown[]) {
  const asked: string[] = [];
  const refused: string[] = [];
  const told: string[] = [];
  const next = (message: string) => {
    asked.push(message);
    if (answers.length === 0) throw new Error(`nothing to answer to: ${message}`);
    return answers.shift();
  };
  const asker: Asker = {
    keys: "",
    tell: (text) => void told.push(text),
    async one({ message, initial }) {
      const answer = next(message);
      return (answer === "accept" ? initial : answer) as never;
    },
    async some({ message, choices, ticked }) {
      const answer = next(message);
      return (answer === "accept" ? choices.map(({ value }) => value).filter(ticked) : answer) as never;
    },
    async text(question) {
      const answer = next(question.message);
      if (answer === back) return back;
      const text = answer === "accept" ? question.initial : String(answer);
      const fault = await question.fault(text);
      if (fault === undefined) return text;
      refused.push(fault);
      return this.text(question);
    },
  };
  return { asker, asked, refused, told };
}

const input: WizardInput = {
  given: { general: {} },
  asksDirectory: true,
  aboutPeople: "",
  languageGiven: false,
  people: entries("101", "102", "103").map((entry) => ({ ...entry, name: "", state: "online" as const })),
  offered: "",
  logPlace: "",
  languages: ["ru"],
  missing: (directory) =>
    directory.filter(({ extension }) => extension === "999").map(({ extension }) => `PJSIP endpoint ${extension}`),
  keyFault: (key) => (key === "*8" ? "It is taken." : undefined),
  soundFault: async (text) => (text.startsWith("custom/") ? undefined : "There is no such sound."),
  soundFolder: (language) => `/sounds/${language}/`,
};
const fresh = proposedDraft(undefined, entries("101", "102", "103"), [], {});
const everyone = ["Who takes part?", "Try a mobile when a desk does not answer?", "Which key starts a transfer?"];
const sounds = ["Prompts in which languages besides English?", "Which recordings?"];

async function play(answers: readonly unknown[], over: Partial<WizardInput> = {}, draft: Draft = fresh) {
  const script = scripted(...answers);
  const end = await askSteps(questions({ ...input, ...over }), draft, script.asker, "first");
  return { ...script, end };
}

test("who accepts everything is asked five questions, and has what was proposed", async () => {
  const { asked, end } = await play(["accept", "accept", "accept", "accept", "ours"]);
  assert.equal(asked, [...everyone, ...sounds]);
  assert.equal(end, fresh);
  assert.equal(answersOf(end, { general: {} }, undefined).directory, entries("101", "102", "103"));
});

test("everything changed, every mistake refused", async () => {
  const { end, refused, asked, told } = await play([
    typed,
    "101-",
    "101,999",
    "101-102",
    true,
    "PJSIP/102",
    "PJSIP/${NUMBER}@trunk",
    "103=+1",
    "",
    "102=+12025550102",
    "x",
    "*8",
    "##",
    ["ru"],
    "show",
    "own",
    ["busy", "dial"],
    "nowhere",
    "custom/dial",
    "custom/busy",
  ]);
  assert.equal(refused, [
    '"101-" is no extension.',
    "This Asterisk has no PJSIP endpoint 999.",
    "It must be a dial string with ${NUMBER} in it, such as PJSIP/${NUMBER}@trunk.",
    "103 does not take part.",
    "At least one is needed; Esc goes back.",
    "It must be one to four telephone keys (0-9 * # A-D).",
    "It is taken.",
    "There is no such sound.",
  ]);
  assert.ok(asked.includes('Your "dial":') && asked.includes('Your "busy":'));
  assert.match(told.join("\n"), / {2}dial, heard by the transferer:\n {4}Dial the extension\./);
  assert.match(told.join("\n"), / {4}Неверный номер\.\n[\s\S]*\/sounds\/en\/\n {2}\/sounds\/ru\//);
  assert.equal(answersOf(end, { general: {} }, undefined), {
    general: {
      transfer_key: "##",
      mobile_dial: "PJSIP/${NUMBER}@trunk",
      ...Object.fromEntries(
        Object.entries(answersOf(fresh, { general: {} }, undefined).general).filter(([name]) => /^prompt_/.test(name)),
      ),
      prompt_dial: "custom/dial",
      prompt_busy: "custom/busy",
    },
    directory: entries("101", "102"),
    mobiles: { "102": "+12025550102" },
  });
});

test("back leads to the question before, over those that are not due; at the first it is asked again", async () => {
  const { asked, end } = await play([back, "accept", "accept", back, true, back, false, "accept", "accept", "ours"]);
  const [who, mobile, key] = everyone as [string, string, string];
  assert.equal(asked, [who, who, mobile, key, mobile, "How is a mobile dialled?", mobile, key, ...sounds]);
  assert.equal(end, fresh);
});

test("a list is gone back from to the boxes, which have what was typed ticked", async () => {
  const { end, asked } = await play([typed, "101", back, back, "accept", "accept", "accept", "accept", "ours"]);
  assert.equal(asked.slice(0, 4), [
    "Who takes part?",
    "Extensions:",
    "Try a mobile when a desk does not answer?",
    "Extensions:",
  ]);
  assert.equal(end.directory, entries("101"));
});

test("from the review one comes to the last question that is due", async () => {
  const script = scripted(back, ["ru"], "ours");
  const end = await askSteps(questions(input), fresh, script.asker, "last");
  assert.equal(script.asked, ["Which recordings?", ...sounds]);
  assert.equal(end.languages, ["ru"]);
});

test("what an option says is not asked", async () => {
  const given = {
    general: { transfer_key: "*7", prompt_dial: "custom/dial", mobile_dial: "PJSIP/${NUMBER}@t" },
    directory: entries("101"),
    mobiles: { "101": "+1" },
  };
  const { asked, end } = await play(
    [],
    { given, asksDirectory: false, languageGiven: true },
    proposedDraft(undefined, entries("101"), [], {}),
  );
  assert.equal(asked, []);
  const answers = answersOf(end, given, undefined);
  assert.is(answers.general.transfer_key, "*7");
  assert.is(answers.general.prompt_dial, "custom/dial");
  assert.equal(answers.directory, entries("101"));
  assert.equal(answers.mobiles, { "101": "+1" });
});

test("the PBX's own dialplan and a log are offered where there is something to offer, and both can be declined", async () => {
  const dial = "Local/${EXTENSION}@from-queue-exten-only/n";
  const over = { offered: dial, logPlace: "/etc/asterisk/logger.conf" };
  const draft = proposedDraft(undefined, entries("101"), [], { dial });
  const accepted = await play(
    ["accept", "accept", "accept", "accept", back, "accept", "accept", "accept", "ours"],
    over,
    draft,
  );
  const [how, log] = ["How are extensions rung?", "Log what became of transfers?"];
  assert.equal(accepted.asked, [...everyone, how, log, how, log, ...sounds]);
  assert.equal([accepted.end.dial, accepted.end.logs], [dial, true]);
  const declined = await play(["accept", "accept", "accept", "", false, "accept", "ours"], over, draft);
  assert.equal([declined.end.dial, declined.end.logs], ["", false]);
});

test("nobody found: the list at once", async () => {
  const { asked } = await play(["101", "accept", "accept", "accept", "ours"], { people: [] });
  assert.is(asked[0], "Extensions:");
});

test("no step is due: nothing is asked, in either direction", async () => {
  const idle: WizardStep<number> = { id: "idle", due: () => false, ask: async () => assert.unreachable() as never };
  for (const from of ["first", "last"] as const) assert.is(await askSteps([idle, idle], 7, scripted().asker, from), 7);
});

const survey: Survey = {
  devices: new Set(["PJSIP/101", "PJSIP/alice", "PJSIP/b"]),
  offline: new Set(["PJSIP/101"]),
  candidates: [
    { extension: "101", device: "PJSIP/101" },
    { extension: "1000", device: "PJSIP/alice&PJSIP/b" },
  ],
  residents: [],
};

const installedText = newDocument({
  general: { transfer_key: "##", mobile_dial: "PJSIP/${NUMBER}@t", prompt_busy: "custom/busy" },
  directory: entries("101", "105"),
  mobiles: { "105": "+1555" },
});

test("re-running starts from what is installed, and accepting it changes nothing", async () => {
  const installed = readSettings(installedText, "x");
  const start = proposedDraft(installed, entries("101", "105"), ["ru"], {});
  const people = peopleOf(survey, new Map(), installed.directory);
  const accepted = Array.from({ length: 9 }, () => "accept");
  const { end, asked } = await play(accepted, { people }, start);
  assert.ok(asked.includes("Whose mobile?") && asked.includes('Your "busy":'));
  assert.equal(answersOf(end, { general: {} }, installed), {
    general: {},
    directory: entries("101", "105"),
    mobiles: {},
  });
});

test("mobiles and recordings that are given up are taken back", async () => {
  const installed = readSettings(installedText, "x");
  const start = proposedDraft(installed, entries("101", "105"), [], {});
  const { end } = await play(
    ["accept", false, "accept", "accept", "ours"],
    { people: peopleOf(survey, new Map(), installed.directory) },
    start,
  );
  const { general, mobiles } = answersOf(end, { general: {} }, installed);
  assert.equal(general, { prompt_busy: promptSounds.busy });
  assert.equal(mobiles, { "105": "" });
});

test("the only endpoint that is nobody's is proposed as the trunk", () => {
  const dialled = (...trunks: string[]) => proposedDraft(undefined, [], [], {}, trunks).mobileDial;
  assert.is(dialled("provider"), "PJSIP/${NUMBER}@provider");
  assert.is(dialled(), "");
  assert.is(dialled("one", "two"), "");
});

test("what was found is said in short", () => {
  const found = {
    version: "1.2.3",
    asterisk: "22.1.0",
    survey,
    etc: "/etc/asterisk",
    people: [],
    settings: undefined,
    keys: "K",
  };
  assert.match(greeting({ ...found, generators: [] }), / {2}Its files {3}\/etc\/asterisk\n/);
  assert.match(greeting({ ...found, generators: ["FreePBX"] }), /\/etc\/asterisk, written by FreePBX\n/);
  assert.match(
    greeting({ ...found, generators: [], settings: "/x.conf" }),
    /Installed {3}yes; the proposals come from .*\/x\.conf/,
  );
  assert.match(greeting({ ...found, generators: [], asterisk: undefined, survey: undefined }), /Asterisk {4}not asked/);
});

test("people: those of the PBX and those of the directory, in the order of their numbers", () => {
  const own = new Map([["PJSIP/alice", { context: "x", name: "Alice", variables: {} }]]);
  const people = peopleOf(survey, own, entries("99", "101"));
  assert.equal(
    people.map(({ extension, name, state }) => [extension, name, state]),
    [
      ["99", "", "unknown here"],
      ["101", "", "offline"],
      ["1000", "Alice", "online"],
    ],
  );
  assert.equal(
    choicesOf(people).map(({ title }) => title),
    [
      "99                                unknown here",
      "101                               offline",
      "1000  Alice  PJSIP/alice&PJSIP/b  online",
    ],
  );
});

test("a sum is short, however many they are", () => {
  assert.is(sumOf(entries("101")), "101 (1 extension)");
  const odd = entries(...Array.from({ length: 150 }, (_, index) => String(101 + 2 * index)));
  assert.ok(sumOf(odd).length < 65, sumOf(odd));
  assert.match(sumOf(odd), /^101,103,.*,\.\.\. \(150 extensions\)$/);
});

test("mobiles as text, there and back", () => {
  const all = new Set(["101", "102"]);
  const mobiles = { "101": "+1", "102": "0#2" };
  assert.equal(readMobiles(writeMobiles(mobiles), all), mobiles);
  assert.equal(readMobiles("  ", all), {});
  for (const [text, fault] of [
    ["101", '"101" is not EXTENSION=NUMBER, such as 102=+12025550102.'],
    ["101=", '"101=" is not EXTENSION=NUMBER, such as 102=+12025550102.'],
    ["101=x", '"x" must be a telephone number.'],
    ["101=1,101=2", "101 is listed twice."],
    ["103=1", "103 does not take part."],
  ] as const)
    assert.is(readMobiles(text, all), fault);
});

test.run();
