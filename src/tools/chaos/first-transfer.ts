import { talking } from "../../sandbox/call.ts";
import type { Office } from "../../sandbox/office.ts";
import { desks, lines } from "./cast.ts";

/**
 * Plays one plain transfer, so that what Asterisk opens once and keeps is open before anything is counted: with the first
 * CDR it begins to watch the files of time zones (cdr_csv.c; stdtime/localtime.c, add_notify).
 */
export async function playFirstTransfer({ phone }: Office): Promise<void> {
  const [line] = lines;
  const [transferer, receiver] = desks;
  const caller = await phone(line).call(transferer);
  const talked = await phone(transferer).rings();
  await talked.answer();
  await talking(caller, talked);
  await talked.keys(`#${receiver}`);
  await talked.ended();
  const taken = await phone(receiver).rings();
  await taken.answer();
  await talking(caller, taken);
  await taken.hangup();
  await caller.ended();
}
