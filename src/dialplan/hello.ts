import { helloCauses, peerDials, settingsFile } from "../contract/names";
import { addToSum } from "../contract/sum";

/**
 * Another node dials the sum of its smart_transfer.conf: the cause of the hangup says whether ours has the same
 * (plan/hello-contexts.ts). Read as it is now, because an edit counts from the next transfer on.
 */
export function hearHello(dialled: string): void {
  const [file] = io.open(`${channel.ASTETCDIR.get()}/${settingsFile}`, "rb");
  const text = file?.read("*a") ?? "";
  file?.close();
  let sum = 0;
  for (const [byte] of string.gmatch(text, ".")) sum = addToSum(sum, string.byte(byte));
  // %d: Lua 5.1 writes no large number in full by itself.
  const same = dialled === peerDials.hello + string.format("%d", sum);
  app.Hangup(same ? helloCauses.same : helloCauses.other);
}
