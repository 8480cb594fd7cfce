import * as assert from "uvu/assert";
import { type Call, talking } from "../src/sandbox/call.ts";
import type { Live } from "./live.ts";

/** What the tests of takeback_code share. */

export const code = "*77";

/** Installs the code, as an admin would. */
export async function withCode(office: Live): Promise<Live> {
  const installed = await office.run("install", "--yes", "--set", `takeback_code=${code}`);
  assert.is(installed.code, 0, installed.stderr);
  return office;
}

/** Begins a test: 102 has a mobile, 909, and nobody is in a hurry. */
export async function beginWithCode(started: Promise<Live>): Promise<Live> {
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
}

/** Somebody dials the code and has the caller. */
export async function takesBack({ phone }: Live, caller: Call, by = "101"): Promise<Call> {
  const taking = await phone(by).call(code);
  await taking.answered();
  await talking(caller, taking);
  return taking;
}

/** The code is dialled in vain: one prompt, and the call is over. */
export async function hearsThatThereIsNobody({ phone, logged, mark }: Live, number: string): Promise<void> {
  await mark();
  const taking = await phone(number).call(code);
  await logged(/Playing 'smart-transfer\/takeback\./);
  await taking.ended(10_000);
}
