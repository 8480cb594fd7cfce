import { contexts } from "../contract/names";

/** On the caller's channel: the context into which Asterisk's own transfer would have sent them. */
const home = "SMART_TRANSFER_HOME";

/**
 * Notes it on the transferer's channel, as Asterisk finds it (main/bridge_basic.c, get_transfer_context). Where extensions.conf
 * is read, plan/key-context.ts and plan/button-contexts.ts have done so.
 */
export function noteHome(): void {
  const context = channel.TRANSFER_CONTEXT.get() ?? "";
  const [caller] = string.match(channel.BRIDGEPEER.get() ?? "", "^[^,]+");
  if (context !== "" && caller !== undefined) channel.SHARED(home, caller).set(context);
}

/**
 * The caller hung up in a context of ours: whatever that one has in its `h`, bills and statistics as a rule, runs as after
 * Asterisk's own transfer.
 */
export function goHome(): void {
  const [behind] = string.gsub(
    channel.SHARED(home).get() ?? "",
    `^${string.gsub(contexts.button, "%-", "%%-")[0]}%-`,
    "",
  );
  if (behind !== "" && channel.DIALPLAN_EXISTS(behind, "h", 1).get() === "1") app.Goto(behind, "h", 1);
}
