import { features } from "../contract/names";
import { callTransferer, recall } from "./recall";
import { endStep } from "./record";
import { giveTicketBack } from "./ticket";
import { current } from "./transfer";

/** The caller pressed the back key while a phone rang for them. Dial has sent them here. */
export function backFromRinging(): void {
  giveTicketBack();
  recall(current(), "back");
}

/** The caller is at the transferer's extension (recall.ts), or at `s`, where the feature has sent them (plan/generated.ts). */
export function onTheWayBack(extension: string): void {
  if (extension === "s") backFromMobile();
  else callTransferer();
}

/** The caller pressed return_key while talking to a mobile. */
function backFromMobile(): void {
  const [left] = string.gsub(
    channel.DYNAMIC_FEATURES.get() ?? "",
    `#?${string.gsub(features.return, "%-", "%%-")[0]}$`,
    "",
  );
  channel.DYNAMIC_FEATURES.set(left);
  endStep();
  recall(current(), "back");
}
