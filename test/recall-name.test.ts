// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { leavesNothing, moreTest, send, startLive, talkToTheEnd, ways } from "./live.ts";

/** Numbers that reach 101 from a caller who shows something else. */
const more = {
  "extensions.conf": `
[internal]
exten => 670,1,Set(CALLERID(pres)=prohib)
 same => n,Goto(101,1)
exten => 680,1,Set(CALLERID(all)=)
 same => n,Goto(101,1)
exten => 699,1,Set(CALLERID(pres)=prohib_passed_screen)
 same => n,Goto(101,1)
exten => 999,1,Verbose(0,shown: \${CALLERID(pres)} \${CALLERID(num)} \${CALLERID(name)})
 same => n,Dial(PJSIP/909)
exten => 690,1,Set(CALLERID(name)=Jürgen: Müller)
 same => n,Goto(101,1)
`,
};

const started = startLive({ more });
const live = async () => (await started).begin();

const callers: [title: string, dials: string, shown: string][] = [
  ["an anonymous caller", "670", "RT 102 no answer: anonymous"],
  ["a caller without name and number", "680", "RT 102 no answer"],
  ["a name in UTF-8", "690", "RT 102 no answer: Jürgen: Müller"],
];

for (const [title, dials, shown] of callers) {
  for (const by of ways) {
    test(`by ${by}: ${title}: the recall says why`, async () => {
      const { phone, clean } = await live();
      const caller = await phone("900").call(dials);
      const transferer = await phone("101").rings();
      await transferer.answer();
      await talking(caller, transferer);
      await send(transferer, by, "102");
      const recall = await phone("101").rings(10_000);
      assert.is(recall.caller.name, shown);
      assert.is(recall.caller.number === "900", dials === "690");
      await talkToTheEnd(caller, recall);
      await clean();
    });
  }
}

for (const [by, next] of [
  ["key", "103"],
  ["button", "103"],
  ["button", "909"],
] as const) {
  test(`by ${by} to ${next}: whoever is rung after an answered recall sees the caller`, async () => {
    const { talk, phone, clean } = await live();
    const { caller, transferer } = await talk("called");
    await transferer.keys("#102");
    const recall = await phone("101").rings(10_000);
    assert.equal(recall.caller, { number: "900", name: "RT 102 no answer: Line 900" });
    await recall.answer();
    await talking(caller, recall);
    await send(recall, by, next);
    const rung = await phone(next).rings();
    assert.equal(rung.caller, { number: "900", name: "Line 900" });
    await talkToTheEnd(caller, rung);
    await clean();
  });
}

moreTest("a transferer who is rung through the dialplan sees why too; whoever is rung next does not", async () => {
  const { talk, phone, give, clean } = await live();
  await give("101", "dial = Local/101@internal/n");
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const recall = await phone("101").rings(10_000);
  assert.is(recall.caller.name, "RT 102 no answer: Line 900");
  await recall.answer();
  await talking(caller, recall);
  await recall.keys("#103");
  const next = await phone("103").rings();
  assert.equal(next.caller, { number: "900", name: "Line 900" });
  await talkToTheEnd(caller, next);
  await clean();
});

for (const by of ["key", "button"] as const) {
  moreTest(
    `by ${by}: a recall rung through the dialplan, answered and passed on outside: nobody there sees why`,
    async () => {
      const { talk, phone, give, clean } = await live();
      await give("101", "dial = Local/101@internal/n");
      const { caller, transferer } = await talk("called");
      await send(transferer, by, "102");
      const recall = await phone("101").rings(10_000);
      assert.is(recall.caller.name, "RT 102 no answer: Line 900");
      await recall.answer();
      await talking(caller, recall);
      await recall.refer("909");
      const outside = await phone("909").rings();
      assert.equal(outside.caller, { number: "900", name: "Line 900" });
      await talkToTheEnd(caller, outside);
      await clean();
    },
  );
}

for (const by of ways)
  moreTest(
    `by ${by}: a caller who withholds their number does so still after a recall through the dialplan`,
    async () => {
      const { phone, give, set, logged, clean } = await live();
      await give("101", "dial = Local/101@internal/n");
      await set({ pass_through: "999@internal" });
      const caller = await phone("900").call("699");
      const transferer = await phone("101").rings();
      await transferer.answer();
      await talking(caller, transferer);
      await send(transferer, by, "102");
      const recall = await phone("101").rings(10_000);
      assert.is(recall.caller.name, "RT 102 no answer: anonymous");
      await recall.answer();
      await talking(caller, recall);
      await send(recall, by, "999");
      const outside = await phone("909").rings();
      await logged(/shown: prohib_passed_screen 900 Line 900\b/);
      await talkToTheEnd(caller, outside);
      await clean();
    },
  );

moreTest("whoever was rung for a caller and is passed on shows their own name", async () => {
  const { phone, clean } = await live();
  const first = await phone("104").call("101");
  const transferer = await phone("101").rings();
  await transferer.answer();
  await talking(first, transferer);
  await transferer.keys("#102");
  const rung = await phone("102").rings();
  await rung.answer();
  await talking(first, rung);
  await first.keys("#103");
  const next = await phone("103").rings();
  assert.equal(next.caller, { number: "102", name: "Boris" });
  await talkToTheEnd(rung, next);
  await clean();
});

test("nothing is left running", () => leavesNothing(started));

test.run();
