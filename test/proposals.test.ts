// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables
import { test } from "uvu";
import * as assert from "uvu/assert";
import { directoryOf } from "../src/installer/commands/directory.ts";
import { proposalsFrom } from "../src/installer/preflight/proposals.ts";
import type { Survey } from "../src/installer/preflight/survey.ts";
import { newDocument } from "../src/installer/settings/document.ts";
import { readSettings } from "../src/installer/settings/model.ts";
import { treeOf } from "./snapshot.ts";

async function proposed(text: string): Promise<Record<string, string>> {
  const tree = await treeOf({ "/etc/asterisk/extensions.conf": text }, "extensions.conf");
  return Object.fromEntries(proposalsFrom(tree).map(({ name, value }) => [name, value]));
}

const dialplans: readonly [title: string, text: string, values: Record<string, string>][] = [
  ["nothing", "[internal]\nexten => 101,1,Dial(PJSIP/101)\n", {}],
  [
    "an entry for a queue's members",
    "[from-queue-exten-only]\nexten => _X.,1,NoOp\n",
    { dial: "Local/${EXTENSION}@from-queue-exten-only/n" },
  ],
  ["keys among other options", "[globals]\nDIAL_OPTIONS = HhTtrM(thank)\n", { dial_options: "HhTt" }],
  ["no keys", "[globals]\nDIAL_OPTIONS = rM(think)\n", {}],
  ["emptied", "[globals]\nDIAL_OPTIONS = tT\nDIAL_OPTIONS =\n", {}],
  [
    "do-not-disturb in the hints",
    "[a]\nexten => 101,hint,PJSIP/101&Custom:DND101,CustomPresence:101\nexten => 102,hint,SIP/102&Custom:DND102\n",
    { dnd: "Custom:DND${EXTENSION}" },
  ],
  ["in a pattern", "[a]\nexten => _1XX,hint,PJSIP/${EXTEN}&Custom:dnd-${EXTEN}\n", { dnd: "Custom:dnd-${EXTENSION}" }],
  ["two ways", "[a]\nexten => 101,hint,SIP/101&Custom:DND101\nexten => 102,hint,SIP/102&Custom:DND-102\n", {}],
  ["of another's", "[a]\nexten => 101,hint,PJSIP/101&Custom:DND7\n", {}],
  ["other custom devices", "[a]\nexten => 101,hint,PJSIP/101&Custom:NIGHT101\n", {}],
];

for (const [title, text, values] of dialplans) {
  test(`proposed: ${title}`, async () => {
    assert.equal(await proposed(text), values);
  });
}

const entries = (...numbers: string[]) => numbers.map((extension) => ({ extension, device: `PJSIP/${extension}` }));
const surveyOf = (...numbers: string[]): Survey => ({
  devices: new Set(numbers.map((number) => `PJSIP/${number}`)),
  offline: new Set(),
  candidates: entries(...numbers),
  residents: entries(...numbers.filter((number) => number !== "900")),
});

/** The directory that an install leads to, and how it is told. */
function led(text: string | undefined, survey: Survey | undefined, given: object = {}) {
  const installed = text === undefined ? undefined : readSettings(text, "x.conf");
  const input = { installed, given: { general: {}, ...given }, pbx: { survey } };
  const { entries: found, notes, general } = directoryOf(input as Parameters<typeof directoryOf>[0]);
  return [found.map(({ extension, device }) => `${extension}=${device}`).join(" "), notes, general] as const;
}
const listed = newDocument({ general: {}, directory: entries("101", "102") });
const auto = newDocument({ general: { extensions: "auto" }, directory: entries("101", "102") });

test("directory: what has gone from the PBX is left out, what has come only where it follows", () => {
  const gone = "102: gone from this PBX, and so from the directory.";
  const come = "103: new on this PBX, and so in the directory.";
  const survey = surveyOf("101", "103", "900");
  assert.equal(led(listed, survey), ["101=PJSIP/101", [gone], {}]);
  assert.equal(led(auto, survey), ["101=PJSIP/101 103=PJSIP/103", [gone, come], {}]);
  assert.equal(led(listed, survey, { general: { extensions: "auto" } })[0], "101=PJSIP/101 103=PJSIP/103");
  const trunk =
    "900: left out unless you choose them (--extensions), because an endpoint without a hint may be a trunk.";
  assert.equal(led(undefined, survey), ["101=PJSIP/101 103=PJSIP/103", [trunk], {}]);
  assert.equal(led(undefined, survey, { general: { extensions: "auto" } })[0], "101=PJSIP/101 103=PJSIP/103");
});

test("directory: a list ends the following, and is taken as it is", () => {
  assert.equal(led(auto, surveyOf("101"), { directory: entries("101", "105") }), [
    "101=PJSIP/101 105=PJSIP/105",
    [],
    { extensions: "listed" },
  ]);
});

test("directory: an Asterisk that has read no endpoint at all has lost its file, not its extensions", () => {
  assert.equal(led(auto, surveyOf()), ["101=PJSIP/101 102=PJSIP/102", [], {}]);
  assert.equal(led(auto, undefined), ["101=PJSIP/101 102=PJSIP/102", [], {}]);
});

test("directory: of several devices those that are left stay; what gets no key is nobody's business", () => {
  const two = listed.replace("device = PJSIP/101\n", "device = PJSIP/101&PJSIP/gone\n");
  const unkeyed = listed.replace("device = PJSIP/102\n", "device = PJSIP/102\ntransfer = no\n");
  const dahdi = listed.replace("device = PJSIP/102\n", "device = DAHDI/2\n");
  assert.is(led(two, surveyOf("101", "102"))[0], "101=PJSIP/101 102=PJSIP/102");
  assert.is(led(unkeyed, surveyOf("101"))[0], "101=PJSIP/101 102=PJSIP/102");
  assert.is(led(dahdi, surveyOf("101"))[0], "101=PJSIP/101 102=DAHDI/2");
});

test.run();
