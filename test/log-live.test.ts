// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Call, talking } from "../src/sandbox/call.ts";
import { type Live, leavesNothing, moreTest, startLive, talksWith, talkToTheEnd } from "./live.ts";

const started = startLive({
  more: {
    "logger.conf": "notices => notice\nplain => [plain]notice\njson => [json]notice,verbose(3)\n",
    // A wait stands for the recording of a message.
    "extensions.conf": "\n[mailboxes]\nexten => _*XXX,1,Answer()\n same => n,Wait(20)\n",
  },
});
const voicemail = "*${EXTENSION}@mailboxes";

/** A step of a transfer, and how long it took, in seconds: no less and no more than so long by what was seen on the phones. */
type Step = readonly [name: string, least: number, most: number];

/** The story that was played. */
interface Done {
  readonly to: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly steps: readonly Step[];
}

const now = () => Date.now() / 1000;
/** How much the record may be wrong, in seconds. */
const tolerance = 0.2;
/** The settings of live.ts, with shorter times. */
const ringTimeout = 1;

/** A phone that rings is answered after a moment, and they talk to the end. */
async function answeredLater(caller: Call, rung: Call): Promise<{ rings: number; answering: number }> {
  const rings = now();
  await sleep(300);
  const answering = now();
  await talkToTheEnd(caller, rung);
  return { rings, answering };
}

/** 900 is sent by 101 to an extension; `sent` is when the key was not pressed yet. */
async function send(office: Live, to: string) {
  const { caller, talked } = await talksWith(office, "900", "101");
  const sent = now();
  await talked.keys(`#${to}`);
  await talked.ended();
  return { caller, sent };
}

const stories: Readonly<Record<string, (office: Live) => Promise<Done>>> = {
  async answered(office) {
    const { caller, sent } = await send(office, "102");
    const receiver = await office.phone("102").rings();
    const rings = now();
    await sleep(500);
    const answering = now();
    await receiver.answer();
    const answered = now();
    await talking(caller, receiver);
    await receiver.hangup();
    await caller.ended();
    return { to: "102", outcome: "answered", reason: null, steps: [["desk", answering - rings, answered - sent]] };
  },

  async waited(office) {
    const { caller: other, talked } = await talksWith(office, "901", "102");
    const { caller, sent } = await send(office, "102");
    const waits = now();
    await sleep(2000);
    const free = now();
    await talked.hangup();
    await other.ended();
    const receiver = await office.phone("102").rings(8000);
    await talkToTheEnd(caller, receiver);
    return { to: "102", outcome: "waited", reason: null, steps: [["line", free - waits - 1, now() - sent]] };
  },

  async "asked, and waited"(office) {
    await office.set({ busy: "ask" });
    const { caller: other, talked: busy } = await talksWith(office, "901", "102");
    const { caller, talked } = await talksWith(office, "900", "101");
    await talked.keys("#102");
    await office.logged(/Playing 'smart-transfer\/occupied\./);
    const deciding = now();
    await talked.keys("1");
    await talked.ended();
    const waits = now();
    await sleep(1000);
    const free = now();
    await busy.hangup();
    await other.ended();
    await talkToTheEnd(caller, await office.phone("102").rings(8000));
    const most = now() - deciding;
    await office.set({ busy: "wait" });
    return { to: "102", outcome: "waited", reason: null, steps: [["line", free - waits, most]] };
  },

  async "voicemail by key"(office) {
    await office.set({ voicemail });
    const { caller: other, talked: busy } = await talksWith(office, "901", "102");
    const { caller, sent } = await send(office, "102");
    await office.logged(/Playing 'smart-transfer\/busy\./);
    const waits = now();
    await sleep(1000);
    const chosen = now();
    await caller.keys("2");
    await office.logged(/Executing \[\*102@mailboxes:2\]/);
    const speaks = now();
    await sleep(700);
    const ending = now();
    await caller.hangup();
    await office.recorded();
    const most = now() - chosen;
    await busy.hangup();
    await other.ended();
    await office.set({ voicemail: "" });
    const steps: Step[] = [
      ["line", chosen - waits, speaks - sent],
      ["voicemail", ending - speaks, most],
    ];
    return { to: "102", outcome: "voicemail", reason: null, steps };
  },

  async "voicemail, unanswered"(office) {
    await office.set({ voicemail, no_answer: "voicemail" });
    const { caller, sent } = await send(office, "102");
    await office.phone("102").rings();
    const deskRang = now();
    await office.logged(/Executing \[\*102@mailboxes:2\]/);
    const speaks = now();
    await sleep(700);
    const ending = now();
    await caller.hangup();
    await office.recorded();
    const steps: Step[] = [
      ["desk", ringTimeout, speaks - sent],
      ["voicemail", ending - speaks, now() - deskRang - ringTimeout],
    ];
    await office.set({ voicemail: "", no_answer: "return" });
    return { to: "102", outcome: "voicemail", reason: null, steps };
  },

  async "back by key"(office) {
    const { caller: other, talked: busy } = await talksWith(office, "901", "102");
    const { caller, sent } = await send(office, "102");
    await office.logged(/Playing 'smart-transfer\/busy\./);
    const waits = now();
    await sleep(1000);
    const chosen = now();
    await caller.keys("1");
    const back = await office.phone("101").rings();
    const { rings, answering } = await answeredLater(caller, back);
    const most = now() - chosen;
    await busy.hangup();
    await other.ended();
    const steps: Step[] = [
      ["line", chosen - waits, rings - sent],
      ["recall", answering - rings, most],
    ];
    return { to: "102", outcome: "returned", reason: "busy", steps };
  },

  async "transferer busy"(office) {
    const { caller, sent } = await send(office, "102");
    await office.phone("102").rings();
    const { caller: other, talked: busy } = await talksWith(office, "104", "101");
    await office.logged(/Executing \[101@smart-transfer-recall:1\]/);
    const returned = now();
    await sleep(1000);
    const free = now();
    await busy.hangup();
    await other.ended();
    const back = await office.phone("101").rings(8000);
    await talkToTheEnd(caller, back);
    const steps: Step[] = [
      ["desk", ringTimeout, returned - sent],
      ["recall-line", free - returned, now() - returned],
    ];
    return { to: "102", outcome: "returned", reason: "no answer", steps };
  },

  async "mobile declined"(office) {
    office.phone("909").policy = "decline";
    const { caller, sent } = await send(office, "103");
    await office.phone("103").rings();
    const deskRang = now();
    const back = await office.phone("101").rings(8000);
    const { rings, answering } = await answeredLater(caller, back);
    office.phone("909").policy = "ring";
    const steps: Step[] = [
      ["desk", ringTimeout, rings - sent],
      ["mobile", 0, rings - deskRang - ringTimeout],
      ["recall", answering - rings, now() - rings],
    ];
    return { to: "103", outcome: "returned", reason: "mobile did not answer", steps };
  },

  async mobile(office) {
    const { caller, sent } = await send(office, "103");
    await office.phone("103").rings();
    const deskRang = now();
    const mobile = await office.phone("909").rings();
    const mobileRings = now();
    await mobile.answer();
    await office.logged(/Playing 'smart-transfer\/accept/);
    const accepting = now();
    await mobile.keys("1");
    await talking(caller, mobile);
    const talks = now();
    await mobile.hangup();
    await caller.ended();
    const steps: Step[] = [
      ["desk", ringTimeout, mobileRings - sent],
      ["mobile", accepting - mobileRings, talks - deskRang],
    ];
    return { to: "103", outcome: "answered-mobile", reason: null, steps };
  },

  async returned(office) {
    const { caller, sent } = await send(office, "102");
    await office.phone("102").rings();
    const deskRang = now();
    const back = await office.phone("101").rings();
    const { rings, answering } = await answeredLater(caller, back);
    const steps: Step[] = [
      ["desk", ringTimeout, rings - sent],
      ["recall", answering - rings, now() - deskRang],
    ];
    return { to: "102", outcome: "returned", reason: "no answer", steps };
  },

  async "hung up"(office) {
    const { caller, sent } = await send(office, "102");
    await office.phone("102").rings();
    const rings = now();
    await sleep(400);
    const ending = now();
    await caller.hangup();
    await office.recorded();
    return { to: "102", outcome: "abandoned", reason: null, steps: [["desk", ending - rings, now() - sent]] };
  },

  async fallback(office) {
    await office.set({ fallback: "105@internal" });
    const { caller, sent } = await send(office, "102");
    const fallback = await office.phone("105").rings(15_000);
    await talkToTheEnd(caller, fallback);
    const most = now() - sent;
    await office.set({ fallback: "" });
    const steps: Step[] = [
      ["desk", ringTimeout, most],
      ["recall", ringTimeout, most],
      ["recall", ringTimeout, most],
      ["fallback", 0, most],
    ];
    return { to: "102", outcome: "fallback", reason: "no answer", steps };
  },

  async goodbye(office) {
    const { caller, sent } = await send(office, "102");
    await caller.ended(25_000);
    const most = now() - sent;
    const steps: Step[] = [
      ["desk", ringTimeout, most],
      ["recall", ringTimeout, most],
      ["recall", ringTimeout, most],
      ["goodbye", 0, most],
    ];
    return { to: "102", outcome: "abandoned", reason: "no answer", steps };
  },
};
const rounds = 2;

moreTest(
  "transfers of every outcome: `log --json` tells what was done, each of them, the seconds right to 0.2",
  async () => {
    const office = await (await started).begin();
    await office.set({ mobile_dial: `${office.pbx.driver}/\${NUMBER}` });
    await office.give("103", "mobile = 909");
    const done: Done[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const story of Object.values(stories)) {
        await office.mark();
        done.push(await story(office));
        await office.recorded();
      }
    }
    const { code, stdout, stderr } = await office.run("log", "--json");
    assert.is(code, 0, stderr);
    const told = stdout.split("\n").map((line) => JSON.parse(line));
    assert.is(told.length, done.length, stdout);
    for (const [at, { to, outcome, reason, steps }] of done.entries()) {
      const one = told[at];
      const line = JSON.stringify(one);
      assert.equal([one.caller, one.from, one.to, one.outcome, one.reason], ["900", "101", to, outcome, reason], line);
      assert.equal(
        one.steps.map(({ step }: { step: string }) => step),
        steps.map(([step]) => step),
        line,
      );
      for (const [index, [step, least, most]] of steps.entries()) {
        const { seconds } = one.steps[index];
        assert.ok(
          seconds >= least - tolerance && seconds <= most + tolerance,
          `${step} took ${least} to ${most} s on the phones: ${line}`,
        );
      }
      const age = Date.now() - Date.parse(one.time);
      assert.ok(age >= 0 && age < 300_000, line);
    }
  },
);

moreTest("each format of the logger tells the same, and so does what was rotated away", async () => {
  const { run, pbx } = await started;
  const toldBy = async (logfile: string) => {
    await writeFile(join(pbx.etcDir, "logger.conf"), `[general]\ndateformat = %F %T.%3q\n[logfiles]\n${logfile}\n`);
    return (await run("log", "--json", "--offline")).stdout;
  };
  const usual = await toldBy("notices => notice");
  assert.is(usual.split("\n").length, rounds * Object.keys(stories).length);
  for (const logfile of ["full => notice", "plain => [plain]notice", "json => [json]notice"])
    assert.is(await toldBy(logfile), usual, logfile);
  await pbx.cli("logger rotate");
  assert.is(await toldBy("notices => notice"), usual, "after `logger rotate`");
  const { stdout } = await run("log", "--json");
  assert.is(stdout, usual, "as the running Asterisk says that it logs");
});

moreTest("where notices go to no file, it says which line would have them there", async () => {
  const { run, pbx } = await started;
  await writeFile(join(pbx.etcDir, "logger.conf"), "[general]\n[logfiles]\nfull => warning,error\n");
  await pbx.cli("logger reload");
  const { code, stderr } = await run("log");
  assert.is(code, 1);
  const remedy = /add the line `smart_transfer_log => notice` to \[logfiles\] of .*logger\.conf/;
  assert.match(stderr, /writes notices to no file/);
  assert.match(stderr, remedy);
  const checked = await run("check", "--json", "--no-rehearsal");
  const row = JSON.parse(checked.stdout).checks.find(({ id }: { id: string }) => id === "log");
  assert.is(row.status, "warn");
  assert.match(row.remedy, remedy);
  await writeFile(
    join(pbx.etcDir, "logger.conf"),
    "[general]\n[logfiles]\nfull => warning,error\nsmart_transfer_log => notice\n",
  );
  await pbx.cli("logger reload");
  assert.match(
    (await run("check", "--no-rehearsal", "--no-color")).stdout,
    /pass +log +Asterisk writes notices to .*smart_transfer_log/,
  );
});

test("the office closes, and nothing of it is left", () => leavesNothing(started));

test.run();
