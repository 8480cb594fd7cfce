import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Call, talking } from "../src/sandbox/call.ts";
import {
  type Live,
  leavesNothing,
  moreTest,
  type Side,
  send,
  sendOn,
  startLive,
  talksWith,
  talkToTheEnd,
  ways,
} from "./live.ts";

/** The transferer dials takeback_code: they have the caller whom they sent on last, while nobody has answered. */

const code = "*77";
/** An admin whose own context has an `h`, and one phone outside the directory. */
const started = startLive().then(async (office) => {
  const installed = await office.run("install", "--yes", "--set", `takeback_code=${code}`);
  assert.is(installed.code, 0, installed.stderr);
  return office;
});
/** 102 has a mobile, 909. */
const live = async () => {
  const office = await (await started).begin();
  const { driver } = office.pbx;
  await office.set({
    takeback_code: code,
    mobile_dial: `${driver}/\${NUMBER}`,
    ring_timeout: "20",
    wait_timeout: "30",
  });
  await office.give("102", "mobile = 909");
  return office;
};

/** Somebody dials the code and has the caller. */
async function takesBack({ phone }: Live, caller: Call, by = "101"): Promise<Call> {
  const taking = await phone(by).call(code);
  await taking.answered();
  await talking(caller, taking);
  return taking;
}

/** Where the caller is when the transferer wants them back. Returns whoever rings for them there, and what ends it all. */
interface Moment {
  readonly when: string;
  readonly before?: (office: Live) => Promise<(() => Promise<void>) | undefined>;
  readonly reach: (office: Live) => Promise<Call | undefined>;
  readonly steps: string;
}

/** 102 is in another call. */
async function isBusy(office: Live) {
  const { caller, talked } = await talksWith(office, "104", "102");
  return async () => {
    await caller.hangup();
    await talked.ended();
  };
}

const hearsMusic = ({ logged }: Live) => logged(/StartMusicOnHold\("\w+\/900-/, 15_000);

const moments: readonly Moment[] = [
  { when: "the desk rings", reach: ({ phone }) => phone("102").rings(), steps: "desk" },
  {
    when: "the caller hears that the receiver is busy",
    before: isBusy,
    reach: async ({ logged }) => void (await logged(/Playing 'smart-transfer\/busy\./)),
    steps: "line",
  },
  {
    when: "the caller waits in the line",
    before: isBusy,
    reach: async (office) => void (await hearsMusic(office)),
    steps: "line",
  },
  {
    when: "the mobile rings",
    before: async ({ set }) => void (await set({ ring_timeout: "1" })),
    reach: ({ phone }) => phone("909").rings(10_000),
    steps: "desk mobile",
  },
  {
    when: "the mobile decides",
    before: async ({ set }) => void (await set({ ring_timeout: "1" })),
    async reach({ phone, logged }) {
      const mobile = await phone("909").rings(10_000);
      await mobile.answer();
      await logged(/Playing 'smart-transfer\/accept\./);
      return mobile;
    },
    steps: "desk mobile",
  },
  {
    when: "the caller hears that they are returned",
    before: async ({ phone }) => {
      phone("102").policy = "decline";
      return undefined;
    },
    reach: async ({ logged }) => void (await logged(/Playing 'smart-transfer\/returning\./, 10_000)),
    steps: "desk",
  },
  {
    when: "the transferer is rung again",
    before: async ({ phone, set }) => {
      phone("102").policy = "decline";
      await set({ recall_timeout: "20" });
      return undefined;
    },
    reach: ({ phone }) => phone("101").rings(10_000),
    steps: "desk recall",
  },
];

/** The steps of a record, whatever they took. */
const recordOf = (steps: string) =>
  new RegExp(` from=101 to=102 outcome=taken-back ${steps.replaceAll(/\S+/g, "$&=[\\d.]+")} takeback=[\\d.]+$`);

/** 101 sends 900 to 102, and takes them back at a moment. */
async function playsTakeBack({ before, reach, steps, when }: Moment, by: (typeof ways)[number], side: Side) {
  const office = await live();
  const { talk, recorded, clean } = office;
  const after = await before?.(office);
  const { caller, transferer } = await talk(side);
  await send(transferer, by, "102");
  const rung = await reach(office);
  await transferer.ended();
  const taking = await takesBack(office, caller);
  await rung?.ended();
  await taking.hangup();
  await caller.ended();
  assert.match(await recorded(), recordOf(steps), when);
  await after?.();
  await clean();
}

for (const moment of moments)
  for (const by of ways) {
    const tells = moment === moments[0] || moment === moments[2] ? test : moreTest;
    tells(`by ${by}: ${moment.when}: the transferer dials the code and has their caller`, () =>
      playsTakeBack(moment, by, "called"),
    );
  }

for (const moment of moments.slice(0, 3))
  moreTest(`who called the caller has them back too: ${moment.when}`, () => playsTakeBack(moment, "key", "calling"));

for (const by of ways)
  test(`by ${by}: whoever took a caller back can pass them on again, and the caller comes back to them`, async () => {
    const office = await live();
    const { talk, phone, recorded, mark, clean } = office;
    const { caller, transferer } = await talk("called");
    await send(transferer, "key", "102");
    const desk = await phone("102").rings();
    const taking = await takesBack(office, caller);
    await desk.ended();
    await mark();
    phone("103").policy = "decline";
    await send(taking, by, "103");
    await taking.ended();
    const recall = await phone("101").rings(10_000);
    assert.is(recall.caller.name, "RT 103 declined: Line 900");
    await talkToTheEnd(caller, recall);
    assert.match(await recorded(), / outcome=taken-back /);
    await clean();
  });

moreTest("the caller may hang up first, and the transferer's call ends", async () => {
  const office = await live();
  const { talk, phone, recorded, clean } = office;
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  await phone("102").rings();
  const taking = await takesBack(office, caller);
  await caller.hangup();
  await taking.ended();
  assert.match(await recorded(), recordOf("desk"));
  await clean();
});

/** The code is dialled in vain: one prompt, and the call is over. */
async function hearsThatThereIsNobody({ phone, logged, mark }: Live, number: string): Promise<void> {
  await mark();
  const taking = await phone(number).call(code);
  await logged(/Playing 'smart-transfer\/takeback\./);
  await taking.ended(10_000);
}

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
  "the transferer hangs up just as they take a caller back: the caller is with the receiver, or comes back",
  async () => {
    for (const delay of [0, 20, 60, 150]) {
      const office = await live();
      const { talk, phone, clean } = office;
      const { caller, transferer } = await talk("called");
      await transferer.keys("#102");
      await phone("102").rings();
      const taking = await phone("101").call(code);
      await sleep(delay);
      await taking.drop();
      await caller.hangup();
      await clean();
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
