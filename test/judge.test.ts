import { test } from "uvu";
import * as assert from "uvu/assert";
import { faultsOf, newFaults, type Proof } from "../src/installer/check/proof.ts";
import { renderProof } from "../src/installer/cli/render-proof.ts";
import { judge, judgeTwice, momentsIn, skipped } from "../src/installer/rehearsal/judge.ts";
import { newDocument } from "../src/installer/settings/document.ts";
import { readSettings } from "../src/installer/settings/model.ts";

const settings = (general: Record<string, string> = {}) =>
  readSettings(newDocument({ general, directory: [{ extension: "101", device: "PJSIP/101" }] }), "");

const told = (...moments: string[]) => moments.map((what, index) => `${1795401034000 + 100 * index} ${what}|`).join("");
const answered = [
  "transferer presses #",
  "hears dial",
  "transferer keys 12",
  "transferer is let go",
  "receiver's phone rings",
  "receiver answers",
  "receiver hears the caller",
  "caller hears the answer",
  "over",
  "recorded: caller=x from=11 to=12 outcome=answered desk=0.1",
];

test("a scene that went as it should: its moments in words, in ms since the first", () => {
  const { status, ms, steps, seen } = judge("answered", told(...answered), settings());
  assert.is(status, "pass");
  assert.is(seen, undefined);
  assert.is(ms, 900);
  assert.equal(steps.slice(0, 2), [
    { at: 0, what: "transferer presses #" },
    { at: 100, what: 'transferer hears "dial"' },
  ]);
  assert.equal(steps.at(-1), { at: 900, what: "recorded: outcome=answered desk=0.1" });
  assert.not.ok(steps.some(({ what }) => what === "over"));
});

test("moments told out of order stand in the order in which they happened", () => {
  assert.equal(momentsIn("1000 a|1300 c|1200 b|"), [
    { at: 0, what: "a" },
    { at: 200, what: "b" },
    { at: 300, what: "c" },
  ]);
  assert.equal(momentsIn(""), []);
});

test("what did not happen is named, and after what; each moment can be the missing one", () => {
  for (const missing of answered.filter((what) => !/^(?:over|recorded)/.test(what))) {
    const result = judge("answered", told(...answered.filter((what) => what !== missing)), settings());
    assert.is(result.status, "fail", missing);
    assert.ok(result.remedy);
  }
  const { seen } = judge("answered", told(...answered.slice(0, 4)), settings());
  assert.is(seen, 'after "transferer keys 12" not: "receiver\'s phone rings"');
  assert.is(judge("answered", "", settings()).status, "fail");
});

test("whether the transferer is free before the other phone rings or after is a matter of milliseconds", () => {
  const [key = "", dial = "", digits = "", letGo = "", rings = "", ...rest] = answered;
  const later = [key, dial, digits, rings, letGo, ...rest];
  for (const moments of [answered, later]) {
    assert.is(judge("answered", told(...moments), settings()).status, "pass");
    const byButton = moments.filter((what) => what !== "hears dial");
    assert.is(judge("button", told(...byButton), settings()).status, "pass");
  }
});

test("who refuses the recall leaves the caller to the fallback, and what is no extension is sent to unchecked", () => {
  const key = ["transferer presses #", "hears dial"];
  const there = (who: string) => [`${who} answers`, `${who} hears the caller`, "caller hears the answer", "over"];
  const fallback = [
    ...[...key, "transferer keys 12", "transferer is let go", "receiver's phone rings"],
    ...["caller presses 1", "hears returning"],
    ...["transferer's phone rings: RT 12 back", "transferer refuses", ...there("fallback")],
    "recorded: caller=x from=11 to=12 outcome=fallback desk=1.0 recall=0.1 fallback=0.4",
  ];
  assert.is(judge("fallback", told(...fallback), settings()).status, "pass");
  const goodbye = told(...fallback).replace("fallback answers", "hears goodbye");
  assert.is(judge("fallback", goodbye, settings()).seen, 'after "transferer refuses" not: "fallback answers"');
  const passed = [...key, "transferer keys 20", "transferer is let go", ...there("20")];
  assert.is(judge("pass-through", told(...passed), settings()).status, "pass");
  const refused = told(...passed.slice(0, 3), "hears invalid");
  assert.is(judge("pass-through", refused, settings()).seen, 'after "transferer keys 20" not: "20 answers"');
});

test("what passes at the second try, or fails twice where Asterisk comes late, is the machine's fault", () => {
  const good = judge("answered", told(...answered), settings());
  const bad = judge("answered", told(...answered.slice(0, 4)), settings());
  const cases: [first: number, second: typeof good, secondLate: number, status: string, seen: RegExp][] = [
    [
      4000,
      good,
      10,
      "pass",
      /^at the second try; at the first the machine was slow \(Asterisk came 4\.0 s late\): after /,
    ],
    [20, good, 4000, "pass", /^at the second try; at the first the machine may have been slow: after /],
    [4000, bad, 3000, "warn", /^unknown, because twice the machine was slow \(Asterisk came 3\.0 s late\): after /],
    [4000, bad, 20, "fail", /^after "transferer keys 12" not/],
    [20, bad, 4000, "fail", /^after "transferer keys 12" not/],
  ];
  for (const [firstLate, second, secondLate, status, seen] of cases) {
    const result = judgeTwice(bad, firstLate, second, secondLate);
    assert.is(result.status, status);
    assert.match(result.seen ?? "", seen);
    assert.is(result.remedy === undefined, status === "pass");
  }
});

test("another outcome than expected is a fault, and so is none, or one where the caller never left", () => {
  const other = told(...answered).replace("outcome=answered", "outcome=abandoned");
  assert.is(judge("answered", other, settings()).seen, "recorded as abandoned, not answered");
  assert.match(judge("answered", told(...answered.slice(0, -1)), settings()).seen ?? "", "recorded as nothing");
});

test("what the settings rule out is not played", () => {
  for (const [id, general] of [
    ["busy-free", { busy: "return" }],
    ["busy-back", { busy_states: "BUSY" }],
    ["mobile-refused", { mobile_confirm: "no", mobile_too_soon: "0" }],
    ["button", { transfer_button: "no" }],
  ] as const) {
    assert.is(judge(id, "", settings(general)).status, "skipped");
    assert.is(judge(id, "", settings()).status, "fail");
  }
});

const proof: Proof = {
  checks: [
    { id: "version", status: "pass", seen: "Asterisk 22" },
    { id: "key", status: "fail", seen: "it is gone", remedy: "Bring it back." },
    { id: "music", status: "warn", seen: "silence", remedy: "Put music there." },
  ],
  rehearsal: [
    judge("answered", told(...answered.slice(0, 4)), settings()),
    judge("unavailable", "", settings({ busy: "return" })),
    skipped("button", "transfer_button = no"),
  ],
};

test("what is broken stands last, with its remedy below it", () => {
  const lines = renderProof(proof, (_, text) => text, true).split("\n");
  const order = lines.flatMap((line) => /^(pass|warn|fail|skipped) +(\S+)/.exec(line)?.slice(1, 3).join(" ") ?? []);
  assert.equal(order, [
    "pass version",
    "warn music",
    "skipped button",
    "fail key",
    "fail answered",
    "fail unavailable",
  ]);
  assert.is(lines[lines.findIndex((line) => line.startsWith("fail     key")) + 1]?.trim(), "Bring it back.");
  assert.ok(lines.every((line) => line.length < 200));
});

const shownAs = (given: Proof, isVerbose: boolean) => renderProof(given, (_, text) => text, isVerbose);

test("what went well is one line; its steps stand there with --verbose, and where it did not pass", () => {
  const good = judge("answered", told(...answered), settings());
  const bad = judge("answered", told(...answered.slice(0, 4)), settings());
  assert.is(good.status, "pass");
  const facts = proof.checks.slice(0, 1);
  const fine = { checks: facts, rehearsal: [good] };
  const [fact, empty, title, scene, ...more] = shownAs(fine, false).split("\n");
  assert.match(fact ?? "", /^pass +version +Asterisk 22$/);
  assert.equal([empty, title], ["", "Rehearsal: real transfers inside this Asterisk"]);
  assert.match(scene ?? "", /^pass +answered +\d+\.\d s$/);
  assert.equal(more, []);
  assert.match(shownAs(fine, true), /\+0 ms transferer presses/);
  assert.match(shownAs({ checks: facts, rehearsal: [bad] }, false), /\+0 ms transferer presses/);
});

test("why nothing was rehearsed is said once", () => {
  const none = (["answered", "button", "no-answer"] as const).map((id) => skipped(id, "CEL is on", "Do this."));
  const lines = shownAs({ checks: proof.checks.slice(0, 1), rehearsal: none }, false).split("\n");
  assert.equal(
    lines.slice(3).map((line) => line.trim().replace(/ +/g, " ")),
    ["skipped all CEL is on", "Do this."],
  );
});

test("a fault that was there before is none of an install's", () => {
  assert.is(faultsOf(proof).length, 3);
  assert.equal(newFaults(proof, proof), []);
  assert.equal(
    newFaults({ checks: [], rehearsal: [] }, proof).map(({ id }) => id),
    ["key", "rehearsal of answered", "rehearsal of unavailable"],
  );
});

test.run();
