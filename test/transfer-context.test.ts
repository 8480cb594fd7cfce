// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { leavesNothing, refusesWrongNumber, sides, startLive, talkToTheEnd } from "./live.ts";

/** As on FreePBX: transfers use a context with real numbers only, while the phones' own context takes every number. */
const extensions = `
[globals](+)
TRANSFER_CONTEXT = internal-xfer

[internal-xfer]
exten => _XXX,1,Goto(internal,\${EXTEN},1)

[internal](+)
include => bad-number

[bad-number]
exten => _X.,1,Answer()
 same => n,Wait(30)
`;
const started = startLive({ more: { "extensions.conf": extensions } });
const live = async () => (await started).begin();

for (const side of sides) {
  test(`${side}: TRANSFER_CONTEXT of all: the Transfer button to a wrong number is refused, and both keep talking`, async () => {
    await refusesWrongNumber(await live(), side);
  });

  test(`${side}: TRANSFER_CONTEXT of all: the directory and the world outside are reached as ever`, async () => {
    const { talk, phone, clean, log } = await live();
    for (const [number, context] of [
      ["102", "smart-transfer-button"],
      ["901", "smart-transfer-button-internal-xfer"],
    ] as const) {
      const { caller, transferer } = await talk(side);
      await talking(caller, transferer);
      await transferer.refer(number);
      const receiver = await phone(number).rings();
      assert.match(await log(), `[${number}@${context}:1]`);
      await talkToTheEnd(caller, receiver);
      await clean();
    }
  });
}

test("nothing is left running", () => leavesNothing(started));

test.run();
