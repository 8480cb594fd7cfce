import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Call, talking } from "../src/sandbox/call.ts";
import { type Live, leavesNothing, moreTest, sendOn, startLive, talkToTheEnd } from "./live.ts";
import { beginWithCode, code, hearsThatThereIsNobody, takesBack, withCode } from "./takeback.ts";

/** Whom takeback_code gives nobody, what happens at the same instant, and where the code is in the dialplan. */

const started = startLive().then(withCode);
const live = () => beginWithCode(started);

moreTest("nobody has anybody else's caller, and no phone outside the directory has anybody", async () => {
  const office = await live();
  const { talk, phone, clean } = office;
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const desk = await phone("102").rings();
  for (const other of ["103", "901", "900"]) await hearsThatThereIsNobody(office, other);
  await talkToTheEnd(caller, desk);
  await clean();
});

moreTest("transfer = no in a section: that phone takes nobody back from then on", async () => {
  const office = await live();
  const { talk, phone, give, clean } = office;
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const desk = await phone("102").rings();
  await give("101", "transfer = no");
  await hearsThatThereIsNobody(office, "101");
  await talkToTheEnd(caller, desk);
  await clean();
});

moreTest(
  "a caller who talks is left alone: with the receiver, the mobile, the transferer or the fallback",
  async () => {
    const talks: readonly ((office: Live) => Promise<{ caller: Call; other: Call }>)[] = [
      async ({ talk, phone }) => {
        const { caller, transferer } = await talk("called");
        await transferer.keys("#102");
        const other = await phone("102").rings();
        await other.answer();
        return { caller, other };
      },
      async ({ talk, phone, set, logged }) => {
        await set({ ring_timeout: "1" });
        const { caller, transferer } = await talk("called");
        await transferer.keys("#102");
        const other = await phone("909").rings(10_000);
        await other.answer();
        await logged(/Playing 'smart-transfer\/accept\./);
        await other.keys("1");
        return { caller, other };
      },
      async ({ talk, phone }) => {
        phone("102").policy = "decline";
        const { caller, transferer } = await talk("called");
        await transferer.keys("#102");
        const other = await phone("101").rings(10_000);
        await other.answer();
        return { caller, other };
      },
      async ({ talk, phone, set }) => {
        phone("102").policy = "decline";
        await set({ fallback: "105@internal", recall_attempts: "1" });
        const { caller, transferer } = await talk("called");
        await transferer.keys("#102");
        await (await phone("101").rings(10_000)).decline();
        const other = await phone("105").rings(10_000);
        await other.answer();
        return { caller, other };
      },
    ];
    for (const talk of talks) {
      const office = await live();
      const { caller, other } = await talk(office);
      await talking(caller, other);
      await hearsThatThereIsNobody(office, "101");
      await talking(caller, other);
      await other.hangup();
      await caller.ended();
      await office.clean();
    }
  },
);

moreTest("of two callers the youngest comes first, then the other", async () => {
  const office = await live();
  const { phone, clean } = office;
  const first = await sendOn(office, "900", "101", "102");
  const firstDesk = await phone("102").rings();
  const second = await sendOn(office, "901", "101", "103");
  const secondDesk = await phone("103").rings();
  const taking = await takesBack(office, second);
  await secondDesk.ended();
  const other = await takesBack(office, first);
  await firstDesk.ended();
  await taking.hangup();
  await second.ended();
  await other.hangup();
  await first.ended();
  await clean();
});

moreTest(
  "the caller hangs up just as they are taken back: the transferer's call ends, and no phone rings on",
  async () => {
    for (const delay of [0, 20, 40, 80]) {
      const office = await live();
      const { talk, phone, clean } = office;
      const { caller, transferer } = await talk("called");
      await transferer.keys("#102");
      const desk = await phone("102").rings();
      const taking = await phone("101").call(code);
      await sleep(delay);
      await caller.drop();
      await desk.ended();
      await taking.ended(10_000);
      await clean();
    }
  },
);

moreTest(
  "the transferer hangs up just as they take a caller back: the caller is still rung for, comes back, or was with them",
  async () => {
    for (const delay of [0, 20, 60, 150]) {
      const office = await live();
      const { talk, phone, clean, log } = office;
      const { caller, transferer } = await talk("called");
      await transferer.keys("#102");
      const desk = await phone("102").rings();
      const taking = await phone("101").call(code);
      await sleep(delay);
      await taking.drop();
      await sleep(1000);
      if (!caller.hasEnded) await talkToTheEnd(caller, desk.hasEnded ? await phone("101").rings(10_000) : desk);
      // Asterisk's own complaint if a phone hangs up while its call is being answered.
      const answering = /chan_pjsip\.c: Session already DISCONNECTED/;
      await clean([...(await log()).matchAll(new RegExp(answering, "g"))].map(() => answering));
    }
  },
);

moreTest("the receiver answers just as the caller is taken back: one of the two has them", async () => {
  for (const delay of [0, 20, 50, 100]) {
    const office = await live();
    const { talk, phone, clean } = office;
    const { caller, transferer } = await talk("called");
    await transferer.keys("#102");
    const desk = await phone("102").rings();
    const taking = await phone("101").call(code);
    await sleep(delay);
    await desk.answer().catch(() => {});
    await caller.hears(10_000).catch(() => {});
    await sleep(500);
    const has = desk.hasEnded ? taking : desk;
    await talking(caller, has);
    await caller.hangup();
    await has.ended();
    await taking.ended(10_000);
    await clean();
  }
});

moreTest("a bad takeback_code falls back to none with one warning, and the call goes on", async () => {
  const office = await live();
  const { set, talk, phone, log } = office;
  await set({ takeback_code: "77" });
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  await talkToTheEnd(caller, await phone("102").rings());
  const warnings = (await log()).split("\n").filter((line) => line.includes("] WARNING["));
  assert.is(warnings.length, 1, warnings.join("\n"));
  assert.ok(warnings[0]?.includes("[general] takeback_code is not "), warnings[0]);
});

moreTest("a code that the dialplan has already is refused; without a code the dialplan has none of ours", async () => {
  const { run, pbx } = await live();
  const conf = join(pbx.etcDir, "extensions.conf");
  const before = await readFile(conf, "latin1");
  await writeFile(conf, `${before}\n[codes]\nexten => *55,1,Hangup()\n`, "latin1");
  const refused = await run("install", "--yes", "--set", "takeback_code=*55");
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /The code \*55 \(takeback_code\) is taken: .*\*55,1,Hangup/);
  await writeFile(conf, before, "latin1");
  assert.match(await pbx.cli(`dialplan show ${code}@internal`), /smart-transfer-takeback/);
  const off = await run("install", "--yes", "--set", "takeback_code=");
  assert.is(off.code, 0, off.stderr);
  assert.match(await pbx.cli(`dialplan show ${code}@internal`), /no existence of/);
});

test("nothing is left running", () => leavesNothing(started));

test.run();
