// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in
import { test } from "uvu";
import * as assert from "uvu/assert";
import { driver, leavesNothing, moreTest, send, startLive, talkToTheEnd, ways } from "./live.ts";

/** Settings that decide where callers go and which mobiles are not called. */

const places = `
[places]
exten => _*10X,1,Dial(${driver}/105)
`;
const started = startLive({ more: { "extensions.conf": places } });
const live = async () => (await started).begin();

for (const by of ways)
  test(`by ${by}: the fallback is named after the receiver, the transferer, or is the transferer's own`, async () => {
    const cases = [
      [{ fallback: "*${RECEIVER}@places" }, "", "*102"],
      [{ fallback: "*${TRANSFERER}@places" }, "", "*101"],
      [{ fallback: "nobody@nowhere" }, "fallback = *${RECEIVER}@places", "*102"],
    ] as const;
    for (const [general, own, extension] of cases) {
      const { set, give, talk, phone, logged, recorded, clean } = await live();
      await set({ ...general, recall_attempts: "1" });
      if (own !== "") await give("101", own);
      phone("102").policy = "decline";
      const { caller, transferer } = await talk("called");
      await send(transferer, by, "102");
      await logged(new RegExp(`\\[\\${extension}@places:1\\]`), 10_000);
      await talkToTheEnd(caller, await phone("105").rings());
      assert.match(await recorded(), / outcome=fallback /);
      await clean();
    }
  });

test("mobile_memory: a mobile on which nobody accepted a call is left alone by the next transfer", async () => {
  for (const [memory, rings] of [
    ["1", false],
    ["0", true],
  ] as const) {
    const { set, give, talk, phone, clean, pbx } = await live();
    await set({ mobile_dial: `${driver}/\${NUMBER}`, mobile_memory: memory });
    await give("102", "mobile = 909");
    phone("909").policy = "decline";
    for (const reason of ["mobile", rings ? "mobile" : "no answer"]) {
      const before = phone("909").calls.length;
      const { caller, transferer } = await talk("called");
      await transferer.keys("#102");
      const recall = await phone("101").rings(10_000);
      assert.is(recall.caller.name, `RT 102 ${reason}: Line 900`);
      assert.is(phone("909").calls.length - before, reason === "mobile" ? 1 : 0);
      await talkToTheEnd(caller, recall);
    }
    await pbx.cli("dialplan set global SMART_TRANSFER_MOBILE_102 0");
    await clean();
  }
});

for (const [name, value] of Object.entries({
  busy: "asking",
  no_answer: "mailbox",
  voicemail: "nowhere",
  voicemail_key: "22",
  mobile_memory: "soon",
  fallback: "nobody",
}))
  moreTest(`a bad ${name} falls back to its default with one warning, and the call goes on`, async () => {
    const { set, give, talk, phone, log, logged } = await live();
    await set({ mobile_dial: `${driver}/\${NUMBER}`, recall_attempts: "1", [name]: value });
    await give("102", "mobile = 909");
    phone("102").policy = name === "busy" || name === "voicemail_key" ? "busy" : "ring";
    phone("909").policy = "decline";
    const { caller, transferer } = await talk("called");
    await transferer.keys("#102");
    if (name === "fallback") await caller.ended(15_000);
    else {
      if (phone("102").policy === "busy") {
        await logged(/smart-transfer\/busy-back/, 10_000);
        await caller.keys("21");
      }
      const recall = await phone("101").rings(10_000);
      await talkToTheEnd(caller, recall);
    }
    const warnings = (await log()).split("\n").filter((line) => line.includes("] WARNING["));
    assert.is(warnings.length, 1, warnings.join("\n"));
    assert.ok(warnings[0]?.includes(`[general] ${name} is not `), warnings[0]);
  });

test("nothing is left running", () => leavesNothing(started));

test.run();
