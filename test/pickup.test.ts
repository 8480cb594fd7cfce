import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Call, talking } from "../src/sandbox/call.ts";
import { type By, type Live, leavesNothing, moreTest, send, startLive, talksWith, talkToTheEnd, ways } from "./live.ts";

/** Who may pick up each other's calls by their group. */
const group = ["101", "102", "104"];

/**
 * How an admin lets people pick up a call that rings elsewhere: *8 and *7 before the extension where it rings, or *9. Who
 * dials 650 calls 101 as through FreePBX: every phone that their channel ever rings inherits the mark.
 */
const more = {
  "extensions.conf": `
[internal]
exten => _*8XXX,1,Pickup(\${EXTEN:2}@internal)
 same => n,Hangup()
exten => _*7XXX,1,Pickup(\${EXTEN:2}@PICKUPMARK)
 same => n,Hangup()
exten => *9,1,Pickup()
 same => n,Hangup()
exten => 650,1,Set(__PICKUPMARK=101)
 same => n,Goto(101,1)
`,
  "pjsip.conf": group.map((name) => `[${name}](+type=endpoint)\ncall_group = 1\npickup_group = 1\n`).join(""),
  "sip.conf": group.map((name) => `[${name}](+)\ncallgroup = 1\npickupgroup = 1\n`).join(""),
};

const started = startLive({ more });
const live = async () => {
  const office = await (await started).begin();
  await office.set({ ring_timeout: "10", recall_timeout: "10", wait_timeout: "30" });
  return office;
};

/** A caller talks with 101, and is passed on to 102. */
async function passedOn(office: Live, by: By): Promise<Call> {
  const { caller, talked } = await talksWith(office, "900", "650", "101");
  await send(talked, by, "102");
  await talked.ended();
  return caller;
}

interface Ringing {
  readonly caller: Call;
  readonly rung: Call;
}

async function atTheDesk(office: Live, by: By): Promise<Ringing> {
  const caller = await passedOn(office, by);
  return { caller, rung: await office.phone("102").rings() };
}

async function fromTheLine(office: Live, by: By): Promise<Ringing> {
  const { caller: other, talked: busy } = await talksWith(office, "103", "102");
  const caller = await passedOn(office, by);
  await office.logged(/StartMusicOnHold\("\w+\/900-/, 10_000);
  await other.hangup();
  await busy.ended();
  return { caller, rung: await office.phone("102").rings() };
}

async function onTheWayBack(office: Live, by: By): Promise<Ringing> {
  await office.set({ ring_timeout: "1" });
  const caller = await passedOn(office, by);
  const rung = await office.phone("101").rings(10_000);
  assert.is(rung.caller.name, "RT 102 no answer: Line 900");
  return { caller, rung };
}

/** Where the call rings that somebody picks up, and how the transfer is recorded. */
const places: [title: string, comes: (office: Live, by: By) => Promise<Ringing>, at: string, outcome: string][] = [
  ["that rings at 102", atTheDesk, "102", "answered"],
  ["that rings at 102 from its line", fromTheLine, "102", "waited"],
  ["on its way back to 101", onTheWayBack, "101", "returned"],
];

/** Somebody dials a code, and has the call that rang. */
async function picksUp({ phone }: Live, number: string, code: string, { caller, rung }: Ringing): Promise<Call> {
  const picker = await phone(number).call(code);
  await picker.answered();
  await rung.ended();
  await talking(caller, picker);
  return picker;
}

async function ends({ recorded, clean }: Live, { caller }: Ringing, picker: Call, outcome: string): Promise<void> {
  await picker.hangup();
  await caller.ended();
  assert.match(await recorded(), new RegExp(`from=101 to=102 outcome=${outcome} `));
  await clean();
}

test("a call without a transfer is picked up by its extension", async () => {
  const office = await live();
  const caller = await office.phone("900").call("101");
  const picker = await picksUp(office, "104", "*8101", { caller, rung: await office.phone("101").rings() });
  await picker.hangup();
  await caller.ended();
  await office.clean();
});

for (const [title, comes, at, outcome] of places) {
  for (const by of ways) {
    test(`by ${by}: a call ${title} is picked up by its extension`, async () => {
      const office = await live();
      const ringing = await comes(office, by);
      await ends(office, ringing, await picksUp(office, "104", `*8${at}`, ringing), outcome);
    });

    moreTest(`by ${by}: a call ${title} is picked up by its mark`, async () => {
      const office = await live();
      const ringing = await comes(office, by);
      const wrong = await office.phone("104").call(at === "101" ? "*7102" : "*7101");
      await wrong.ended();
      await ends(office, ringing, await picksUp(office, "104", `*7${at}`, ringing), outcome);
    });
  }

  moreTest(`a call ${title} is picked up by its group`, async () => {
    const office = await live();
    const ringing = await comes(office, "key");
    await ends(office, ringing, await picksUp(office, "104", "*9", ringing), outcome);
  });
}

moreTest("a call on its way back through the dialplan is picked up too", async () => {
  const office = await live();
  await office.give("101", "dial = Local/101@internal/n");
  const ringing = await onTheWayBack(office, "key");
  await ends(office, ringing, await picksUp(office, "104", "*8101", ringing), "returned");
});

for (const by of ways) {
  moreTest(`by ${by}: who has picked up a recall passes the caller on, and gets them back`, async () => {
    const office = await live();
    const { phone, clean } = office;
    const ringing = await onTheWayBack(office, "key");
    const picker = await picksUp(office, "104", "*8101", ringing);
    await send(picker, by, "103");
    const next = await phone("103").rings();
    assert.equal(next.caller, { number: "900", name: "Line 900" });
    const recall = await phone("104").rings(10_000);
    assert.equal(recall.caller, { number: "900", name: "RT 103 no answer: Line 900" });
    await talkToTheEnd(ringing.caller, recall);
    await clean();
  });
}

moreTest("a recall that a phone outside the directory has picked up: no key, and the button loses nobody", async () => {
  const office = await live();
  const { phone, logged, mark, clean } = office;
  const ringing = await onTheWayBack(office, "key");
  const picker = await picksUp(office, "901", "*8101", ringing);
  await mark();
  await picker.keys("#");
  await logged(/Playing 'smart-transfer\/forbidden/);
  await logged(/Stopped music on hold/);
  await talking(ringing.caller, picker);
  await picker.refer("103");
  await phone("103").rings();
  const recall = await phone("901").rings(10_000);
  assert.is(recall.caller.name, "RT 103 no answer: Line 900");
  await talkToTheEnd(ringing.caller, recall);
  await clean();
});

moreTest("a call from the line is picked up: whoever is next in the line is rung for", async () => {
  const office = await live();
  const { phone, logged, clean } = office;
  const { caller: other, talked: busy } = await talksWith(office, "103", "102");
  const first = await passedOn(office, "key");
  await logged(/StartMusicOnHold\("\w+\/900-/, 10_000);
  const { caller: second, talked } = await talksWith(office, "901", "105");
  await send(talked, "key", "102");
  await logged(/StartMusicOnHold\("\w+\/901-/, 10_000);
  await other.hangup();
  await busy.ended();
  const ringing = { caller: first, rung: await phone("102").rings() };
  assert.is(ringing.rung.caller.number, "900");
  const picker = await picksUp(office, "104", "*8102", ringing);
  const next = await phone("102").rings();
  assert.is(next.caller.number, "901");
  await talkToTheEnd(second, next);
  await picker.hangup();
  await first.ended();
  await clean();
});

test("nothing is left running", () => leavesNothing(started));

test.run();
