import { contexts } from "../settings/files";
import { dial, holdOn } from "./dial";
import { count, prompt, seconds, setting } from "./settings";

/** Why the caller comes back, as the transferer's phone shows it. */
export type Reason = "busy" | "no answer" | "offline";

/** The caller goes back to the transferer, then to the fallback; he never comes out of here in silence. */
export function recall(transferer: string, receiver: string, reason: Reason): void {
  app.Verbose(3, `smart-transfer: recall of ${transferer}: ${receiver} ${reason}`);
  if (transferer !== "") {
    app.Playback(prompt("returning"));
    ringTransferer(transferer, `${receiver} ${reason}`);
  }
  fallBack();
}

function ringTransferer(transferer: string, why: string): void {
  const callerName = channel.CALLERID("name");
  const name = channel.SMART_TRANSFER_CALLER.get() ?? "";
  const who = name === "" ? (channel.CALLERID("num").get() ?? "") : name;
  callerName.set(`${setting("recall_prefix")} ${why}: ${who}`);
  const attempts = count("recall_attempts");
  for (const attempt of $range(1, attempts)) {
    const status = dial(transferer, "recall_timeout", `b(${contexts.alert}^s^1)`);
    // Refused at once, or no phone to be found: time must pass before it is worth another try.
    if (status !== "NOANSWER" && attempt < attempts) holdOn(seconds("recall_timeout"));
  }
  callerName.set(name);
}

/** On the transferer's phone before it rings: a ring of its own for recalls (RFC 7462), where the phone has one. */
export function alertPhone(): void {
  channel.PJSIP_HEADER("add", "Alert-Info").set("<urn:alert:service:recall:transfer>;info=recall");
  app.Return();
}

function fallBack(): void {
  const [extension, context] = string.match(setting("fallback"), "^([^@]+)@([^@]+)$");
  if (extension !== undefined && context !== undefined) {
    if (channel.VALID_EXTEN(context, extension, 1).get() === "1") app.Goto(context, extension, 1);
    else app.Log("WARNING", `smart_transfer.conf: fallback ${extension}@${context} does not exist`);
  }
  app.Playback(prompt("goodbye"));
  app.Hangup();
}
