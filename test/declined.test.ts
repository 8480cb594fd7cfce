import { test } from "uvu";
import * as assert from "uvu/assert";
import { leavesNothing, moreTest, send, startLive, talkToTheEnd, ways } from "./live.ts";

/** 102 is rung through the PBX's own dialplan, which gives up by itself with any of these causes. */
const own = `
[gives-up]
exten => _X.,1,Ringing()
same => n,Wait(0.3)
same => n,Hangup(\${EXTEN:3})
`;

const started = startLive({ more: { "extensions.conf": own } });
/** 102 has a mobile, 909. */
const live = async () => {
  const office = await (await started).begin();
  await office.set({ mobile_dial: `${office.pbx.driver}/\${NUMBER}`, ring_timeout: "20" });
  await office.give("102", "mobile = 909");
  return office;
};

/** 16 ordinary, 19 no answer, 21 call rejected, 34 no circuit (Q.850). */
for (const cause of ["16", "19", "21", "34"]) {
  moreTest(
    `the receiver is rung through a dialplan that gives up by itself (${cause}): the mobile is tried`,
    async () => {
      for (const by of ways) {
        const { talk, phone, give, clean, begin, logged } = await live();
        await give("102", `dial = Local/102${cause}@gives-up`);
        const { caller, transferer } = await talk("called");
        await send(transferer, by, "102");
        const mobile = await phone("909").rings();
        await mobile.answer();
        await logged(/Playing 'smart-transfer\/accept/);
        await mobile.keys("1");
        await talkToTheEnd(caller, mobile);
        await clean();
        await begin();
      }
    },
  );
}

for (const by of ways) {
  test(`by ${by}: refused by hand on the phone, the mobile is left alone`, async () => {
    const { talk, phone, clean } = await live();
    phone("102").policy = "decline";
    const { caller, transferer } = await talk("called");
    await send(transferer, by, "102");
    const recall = await phone("101").rings();
    assert.is(recall.caller.name, "RT 102 declined: Line 900");
    await talkToTheEnd(caller, recall);
    await clean();
  });

  moreTest(`by ${by}: refused by hand behind the PBX's own dialplan too`, async () => {
    const { talk, phone, give, clean } = await live();
    await give("102", "dial = Local/102@internal/n");
    phone("102").policy = "decline";
    const { caller, transferer } = await talk("called");
    await send(transferer, by, "102");
    const recall = await phone("101").rings();
    assert.is(recall.caller.name, "RT 102 declined: Line 900");
    await talkToTheEnd(caller, recall);
    await clean();
  });
}

moreTest("the phone forwards to itself, on and on: the mobile is tried", async () => {
  const { talk, phone, logged, log } = await live();
  const { caller, transferer } = await talk("called");
  await transferer.keys("#102");
  await transferer.ended();
  // 302: Asterisk follows it only so many times.
  let forwards = 0;
  while (!/Called \w+\/909/.test(await log()) && forwards < 40) {
    const rung = await phone("102")
      .rings(2000)
      .catch(() => undefined);
    if (rung === undefined) break;
    await rung.refer("102").catch(() => {});
    await rung.ended();
    forwards++;
  }
  const mobile = await phone("909").rings();
  await mobile.answer();
  await logged(/Playing 'smart-transfer\/accept/);
  await mobile.keys("1");
  await talkToTheEnd(caller, mobile);
});

test("nothing is left running", () => leavesNothing(started));

test.run();
