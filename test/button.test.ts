import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Call, talking } from "../src/sandbox/call.ts";
import { leavesNothing, moreTest, refusesWrongNumber, sides, startLive, talkToTheEnd } from "./live.ts";

/** An admin who lets people use Asterisk's own transfer keys too, and has a queue and a conference. */
async function startCompany() {
  const office = await startLive();
  const { pbx } = office;
  const edit = async (name: string, change: (text: string) => string) => {
    const file = join(pbx.etcDir, name);
    await writeFile(file, change(await readFile(file, "latin1")), "latin1");
  };
  await edit("extensions.conf", (text) =>
    text.replace(",30)", ",30,tT)").concat(
      `
exten => 701,1,Goto(parkedcalls,701,1)

[rooms]
exten => 600,1,Queue(sales)
exten => 610,1,ConfBridge(610)
`,
    ),
  );
  await edit("queues.conf", (text) => `${text}\n[sales]\njoinempty = yes\n`);
  await edit("features.conf", (text) => text.replace("[featuremap]", "[featuremap]\nblindxfer = *2\natxfer = *3\n"));
  await pbx.cli("module reload pbx_config.so");
  await pbx.cli("module reload app_queue.so");
  await pbx.cli("module reload features");
  return office;
}

const started = startCompany();
const live = async () => (await started).begin();

for (const side of sides) {
  test(`${side}: the phone's own Transfer button goes down the same ladder`, async () => {
    const { talk, phone, clean, recorded } = await live();
    const { caller, transferer } = await talk(side);
    await talking(caller, transferer);
    await transferer.refer("102");
    const receiver = await phone("102").rings();
    assert.is(receiver.caller.number, "900");
    await receiver.ended();
    const recall = await phone("101").rings(10_000);
    assert.is(recall.caller.name, "RT 102 no answer: Line 900");
    await talkToTheEnd(caller, recall);
    assert.match(await recorded(), /from=101 to=102 outcome=returned/);
    await clean();
  });

  moreTest(`${side}: the Transfer button to who is offline is an instant recall`, async () => {
    const { talk, phone, clean } = await live();
    await phone("104").unregister();
    const { caller, transferer } = await talk(side);
    await talking(caller, transferer);
    await transferer.refer("104");
    const recall = await phone("101").rings(10_000);
    assert.is(recall.caller.name, "RT 104 offline: Line 900");
    await talkToTheEnd(caller, recall);
    await phone("104").register();
    await clean();
  });

  test(`${side}: the Transfer button to outside the directory goes where it went before`, async () => {
    const { talk, phone, clean, log } = await live();
    const { caller, transferer } = await talk(side);
    await talking(caller, transferer);
    await transferer.refer("901");
    const receiver = await phone("901").rings();
    await receiver.answer();
    await talking(caller, receiver);
    assert.match(await log(), /\[901@smart-transfer-button-internal:1\] Dial\("\w+\/900-\S+", "\w+\/901,30,tT"/);
    assert.not.match(await log(), /pbx_lua.c: Executing/);
    await receiver.hangup();
    await caller.ended();
    await clean();
  });

  test(`${side}: Asterisk's own blind key: the ladder in the directory, as before outside it, and as quickly`, async () => {
    const { talk, phone, clean, log } = await live();
    const took: Record<string, number> = {};
    for (const extension of ["901", "102"]) {
      const { caller, transferer } = await talk(side);
      await talking(caller, transferer);
      await transferer.keys("*2");
      await transferer.hears();
      await transferer.keys(extension);
      const receiver = await phone(extension).rings();
      took[extension] = (receiver.at("called") ?? 0) - (transferer.at(`presses ${extension.at(-1)}`) ?? 0);
      await talkToTheEnd(caller, receiver);
      await clean();
    }
    assert.match(await log(), /\[102@smart-transfer-button:1\]/);
    for (const [extension, ms] of Object.entries(took)) assert.ok(ms < 500, `${extension} took ${ms} ms`);
  });

  test(`${side}: an attended transfer by the phone itself is left alone`, async () => {
    const { talk, phone, clean, log } = await live();
    const { caller, transferer } = await talk(side);
    await talking(caller, transferer);
    const question = await phone("101").call("102");
    const receiver = await phone("102").rings();
    assert.is(receiver.caller.number, "101", "they ask first");
    await receiver.answer();
    await talking(question, receiver);
    await transferer.connect(question);
    await talking(caller, receiver);
    await transferer.ended();
    await question.ended();
    assert.not.match(await log(), /\[102@smart-transfer-(button|receiver):1\]/);
    await receiver.hangup();
    await caller.ended();
    await clean();
  });

  test(`${side}: Asterisk's own attended key is left alone`, async () => {
    const { talk, phone, clean, log } = await live();
    const { caller, transferer } = await talk(side);
    await talking(caller, transferer);
    await transferer.keys("*3");
    await transferer.hears();
    await transferer.keys("102");
    const receiver = await phone("102").rings();
    assert.is(receiver.caller.number, "101", "they call, to ask first");
    await receiver.answer();
    await talking(transferer, receiver);
    await transferer.hangup();
    await talking(caller, receiver);
    assert.not.match(await log(), /\[102@smart-transfer-(button|receiver):1\]/);
    await receiver.hangup();
    await caller.ended();
    await clean();
  });
}

moreTest(
  "whoever answered sends the caller elsewhere, where it is busy: the record says that they answered",
  async () => {
    const { talk, phone, clean, recorded } = await live();
    phone("901").policy = "busy";
    const { caller, transferer } = await talk("called");
    await transferer.keys("#102");
    const receiver = await phone("102").rings();
    await receiver.answer();
    await talking(caller, receiver);
    await receiver.refer("901");
    await (
      await phone("901")
        .rings()
        .catch(() => undefined)
    )?.ended();
    await caller.hangup();
    await receiver.hangup();
    assert.match(await recorded(), / from=101 to=102 outcome=answered /);
    await clean();
  },
);

test("a queue and a conference are sent to unchecked; what does not exist there is invalid", async () => {
  const { talk, phone, clean, logged, set, log } = await live();
  await set({ pass_through: "6[0-1]X@rooms,7XX@parkedcalls" });
  const queued = await talk("called");
  await queued.transferer.keys("#600");
  await queued.transferer.ended();
  await logged(/\[600@rooms:1\] Queue\(/);
  await queued.caller.hangup();
  await clean();
  const callers = [];
  for (const number of ["900", "901"]) {
    const caller = await phone(number).call("101");
    const transferer = await phone("101").rings();
    await transferer.answer();
    await talking(caller, transferer);
    await transferer.keys("#610");
    await transferer.ended();
    callers.push(caller);
  }
  const [one, other] = callers as [Call, Call];
  await logged(/\[610@rooms:1\] ConfBridge\([\s\S]*\[610@rooms:1\] ConfBridge\(/);
  await talking(one, other);
  await one.hangup();
  await other.hangup();
  await clean();
  assert.not.match(await log(), /smart-transfer: caller=/, "no transfer of the ladder");
  const { caller, transferer } = await talk("called");
  await transferer.keys("#611");
  await logged(/Playing 'smart-transfer\/invalid[\s\S]*complete GOSUB_RETVAL/);
  await talking(caller, transferer);
  await caller.hangup();
  await transferer.ended();
  await clean();
});

test("the caller is parked, and fetched by somebody else", async () => {
  const { talk, phone, pbx, clean, set, logged } = await live();
  await set({ pass_through: "7XX@parkedcalls" });
  const { caller, transferer } = await talk("called");
  await transferer.keys("#700");
  await transferer.ended();
  await logged(/Parking '\w+\/900-\S+' in 'default' at space 701/);
  assert.match(await pbx.cli("parking show default"), /Space +: +701/);
  const fetcher = await phone("103").call("701");
  await fetcher.answered();
  await talking(caller, fetcher);
  await caller.hangup();
  await fetcher.ended();
  await clean();
});

for (const side of sides) {
  test(`${side}: the Transfer button to a number that does not exist: Asterisk refuses it, and the transferer keeps the caller`, async () => {
    await refusesWrongNumber(await live(), side);
  });
}

moreTest("Asterisk's own blind key to a number that does not exist: it says so and asks again, as ever", async () => {
  const { talk, phone, clean, logged } = await live();
  const { caller, transferer } = await talk("called");
  await talking(caller, transferer);
  await transferer.keys("*2");
  await transferer.hears();
  await transferer.keys("1*");
  await logged(/Playing 'pbx-invalid/);
  // Asterisk takes no key before it has said that. Then it waits for 3 s.
  await sleep(5000);
  await transferer.keys("901");
  const receiver = await phone("901").rings();
  await talkToTheEnd(caller, receiver);
  await clean();
});

test("declined by hand: recall says so", async () => {
  const { talk, phone, clean } = await live();
  phone("102").policy = "decline";
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  const recall = await phone("101").rings();
  assert.is(recall.caller.name, "RT 102 declined: Line 900");
  await talkToTheEnd(caller, recall);
  await clean();
});

moreTest("transfer_button = no leaves the button as it was", async () => {
  const { talk, phone, clean, run, log, mark } = await live();
  assert.is((await run("install", "--yes", "--set", "transfer_button=no")).code, 0);
  // Asterisk's complaints about its sample configuration are not ours.
  await mark();
  const { caller, transferer } = await talk("called");
  await talking(caller, transferer);
  await transferer.refer("102");
  const receiver = await phone("102").rings();
  assert.not.match(await log(), /@smart-transfer/);
  await talkToTheEnd(caller, receiver);
  await clean();
  assert.is((await run("install", "--yes", "--set", "transfer_button=yes")).code, 0);
});

test("nothing is left running", () => leavesNothing(started));

test.run();
