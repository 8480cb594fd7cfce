import { contexts, hangup } from "../contract/names";
import { exists, goTo } from "./place";

/**
 * A variable of the caller's channel: the context to which Asterisk's own transfer would have sent them
 * (main/bridge_basic.c, get_transfer_context). plan/key-context.ts and plan/button-contexts.ts set it.
 */
const home = "SMART_TRANSFER_HOME";

/**
 * The caller hung up in one of our contexts. Runs the `h` extension of their own context, usually for billing and
 * statistics, as after Asterisk's own transfer.
 */
export function runHangupExtension(): void {
  const [behind] = string.gsub(
    channel.SHARED(home).get() ?? "",
    `^${string.gsub(contexts.button, "%-", "%%-")[0]}%-`,
    "",
  );
  const place = { extension: hangup, context: behind };
  if (behind !== "" && exists(place)) goTo(place);
}
