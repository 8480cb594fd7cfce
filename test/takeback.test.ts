import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Call } from "../src/sandbox/call.ts";
import {
  type Live,
  leavesNothing,
  moreTest,
  type Side,
  send,
  startLive,
  talksWith,
  talkToTheEnd,
  ways,
} from "./live.ts";
import { beginWithCode, takesBack, withCode } from "./takeback.ts";

/** The transferer dials takeback_code: they have the caller whom they sent on last, wherever that caller is. */

const started = startLive().then(withCode);
const live = () => beginWithCode(started);

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

test("nothing is left running", () => leavesNothing(started));

test.run();
