import { helloCauses, settingsFile } from "../contract/names";
import { sumOf } from "../contract/sum";

/**
 * Another node tells the sum of its smart_transfer.conf: the cause of the hangup says whether ours has the same
 * (plan/hello-contexts.ts). Read as it is now, because an edit counts from the next transfer on.
 */
export function hearHello(sum: string): void {
  channel.CDR_PROP("disable").set("1");
  const [file] = io.open(`${channel.ASTETCDIR.get()}/${settingsFile}`, "rb");
  const text = file?.read("*a") ?? "";
  file?.close();
  app.Hangup(tonumber(sum) === sumOf(text) ? helloCauses.same : helloCauses.other);
}
