import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Live, leavesNothing, moreTest, send, sendOn, startLive, talksWith, talkToTheEnd, ways } from "./live.ts";

/** The context that the settings may allow for forwards. 901 stands for a number that costs money. */
const outside = `
[outside]
exten => 9901,1,Dial(PJSIP/901)
`;

const started = startLive({ more: { "extensions.conf": outside } });
const live = async () => {
  const office = await (await started).begin();
  await office.set({ ring_timeout: "20", recall_timeout: "20" });
  return office;
};

/**
 * The PJSIP of Asterisk 16 may hear of a forward before it knows the target: then the phone is rung once more, at once
 * (dialplan/ring.ts).
 */
const mayBeLate = process.env.ASTERISK_SUITE === "bullseye";
const lateMs = 400;
/** How long a recall may take to ring, in ms. */
const recallMs = 10_000;

/**
 * The phone that rings next forwards the call by itself, before anybody takes it (SIP 302).
 *
 * @param ringsAgain whether the test expects this phone to ring once more right after it
 */
async function forwards({ phone }: Live, number: string, to: string, ringsAgain = false): Promise<void> {
  const rung = await phone(number).rings();
  await rung.refer(to);
  await rung.ended();
  if (!mayBeLate || ringsAgain) return;
  const again = await phone(number)
    .rings(lateMs)
    .catch(() => undefined);
  await again?.refer(to);
  await again?.ended();
}

for (const by of ways) {
  test(`by ${by}: the receiver's phone forwards to a colleague, who rings`, async () => {
    const office = await live();
    const { caller, transferer } = await office.talk("called");
    await send(transferer, by, "102");
    await forwards(office, "102", "103");
    await talkToTheEnd(caller, await office.phone("103").rings());
    assert.match(await office.recorded(), / to=102 outcome=answered /);
    await office.clean();
  });

  test(`by ${by}: they forward to each other: the caller comes back`, async () => {
    const office = await live();
    const { caller, transferer } = await office.talk("called");
    await send(transferer, by, "102");
    await forwards(office, "102", "103");
    await forwards(office, "103", "102");
    const recall = await office.phone("101").rings(recallMs);
    assert.is(recall.caller.name, "RT 102 no answer: Line 900");
    await talkToTheEnd(caller, recall);
    await office.clean();
  });
}

/** The transferer and the caller are not rung, as when they are keyed in; nobody else is dialled at all. */
for (const to of [
  "PJSIP%2F901",
  "SIP%2F901",
  "Local%2F9901%40outside",
  "901",
  "9901",
  "101",
  "102",
  "a)b",
  "general",
]) {
  test(`the receiver's phone forwards to "${to}": nobody is rung, and the caller comes back`, async () => {
    const office = await live();
    const { caller, transferer } = await office.talk("called");
    await transferer.keys("#102");
    await forwards(office, "102", to);
    const recall = await office.phone("101").rings(recallMs);
    assert.is(recall.caller.name, "RT 102 no answer: Line 900");
    await talkToTheEnd(caller, recall);
    const dialled = [...(await office.log()).matchAll(/Called (.*)/g)].map(([, device = ""]) => device.split("/")[1]);
    const inTurn = dialled.filter((device, at) => device !== dialled[at - 1]);
    assert.equal(inTurn, ["101", "102", "101"]);
    assert.is(office.phone("901").calls.length, 0);
    await office.clean();
  });
}

test("the receiver's phone forwards to the caller's: the caller comes back", async () => {
  const office = await live();
  const { caller, talked } = await talksWith(office, "103", "101");
  await talked.keys("#102");
  await forwards(office, "102", "103");
  const recall = await office.phone("101").rings(recallMs);
  assert.is(recall.caller.name, "RT 102 no answer: Clara");
  await talkToTheEnd(caller, recall);
  await office.clean();
});

moreTest("a colleague who may not receive, and one in a call, are not forwarded to", async () => {
  const office = await live();
  await office.give("103", "receive = no");
  const { caller: other, talked: busy } = await talksWith(office, "105", "104");
  for (const to of ["103", "104"]) {
    const caller = await sendOn(office, "900", "101", "102");
    await forwards(office, "102", to);
    const recall = await office.phone("101").rings(recallMs);
    await talkToTheEnd(caller, recall);
  }
  await other.hangup();
  await busy.ended();
  await office.clean();
});

moreTest("forward_context: a number outside is reached through it, and in it alone", async () => {
  const office = await live();
  await office.set({ forward_context: "outside" });
  const caller = await sendOn(office, "900", "101", "102");
  await forwards(office, "102", "9901");
  await talkToTheEnd(caller, await office.phone("901").rings());
  const second = await sendOn(office, "900", "101", "102");
  await forwards(office, "102", "901");
  await talkToTheEnd(second, await office.phone("101").rings(recallMs));
  await office.clean();
});

moreTest("the desk forwards out of the directory: the mobile rings, and cannot forward either", async () => {
  const office = await live();
  await office.set({ mobile_dial: `${office.pbx.driver}/\${NUMBER}` });
  await office.give("102", "mobile = 909");
  const caller = await sendOn(office, "900", "101", "102");
  await forwards(office, "102", "901");
  await forwards(office, "909", "PJSIP%2F901");
  await talkToTheEnd(caller, await office.phone("101").rings(recallMs));
  await office.clean();
});

test("the transferer's phone forwards the recall to a colleague, who rings", async () => {
  const office = await live();
  office.phone("102").policy = "decline";
  const caller = await sendOn(office, "900", "101", "102");
  await forwards(office, "101", "103");
  const recall = await office.phone("103").rings();
  assert.is(recall.caller.name, "RT 102 declined: Line 900");
  await talkToTheEnd(caller, recall);
  await office.clean();
});

moreTest("the transferer's phone forwards the recall out of the directory: tried again, then goodbye", async () => {
  const office = await live();
  await office.set({ recall_timeout: "1" });
  office.phone("102").policy = "decline";
  const caller = await sendOn(office, "900", "101", "102");
  await forwards(office, "101", "PJSIP%2F901", true);
  await forwards(office, "101", "901", true);
  await office.logged(/Playing 'smart-transfer\/goodbye/);
  await caller.ended();
  await office.clean();
});

moreTest("it forwards as the caller's turn in its line has come", async () => {
  const office = await live();
  const { caller: other, talked: busy } = await talksWith(office, "105", "102");
  const caller = await sendOn(office, "900", "101", "102");
  await office.logged(/Started music on hold/);
  await busy.hangup();
  await other.ended();
  await forwards(office, "102", "103");
  await talkToTheEnd(caller, await office.phone("103").rings());
  await office.clean();
});

moreTest("an install names the endpoints whose forwards PJSIP follows without the dialplan", async () => {
  const { pbx, run } = await live();
  const conf = join(pbx.etcDir, "pjsip.conf");
  const before = await readFile(conf, "latin1");
  await appendFile(conf, "\n[102](+type=endpoint)\nredirect_method = uri_pjsip\n");
  await pbx.cli("module reload res_pjsip.so");
  const { code, stderr } = await run("install", "--yes");
  assert.is(code, 0, stderr);
  assert.match(stderr, /The phones of PJSIP\/102 can forward a call to any SIP address: `redirect_method = uri_pjsip`/);
  await writeFile(conf, before, "latin1");
  await pbx.cli("module reload res_pjsip.so");
  assert.not.match((await run("install", "--yes")).stderr, /forward a call/);
});

test("nothing is left running", () => leavesNothing(started));

test.run();
