import { features } from "../contract/names";
import { recall } from "./recall";
import { giveTicketBack } from "./ticket";
import { current } from "./transfer";

/** The caller pressed the back key while a phone rang for them. Dial has sent them here. */
export function backFromRinging(): void {
  giveTicketBack();
  recall(current(), "back");
}

/** The caller pressed return_key while talking to a mobile. The feature has sent them here. */
export function backFromMobile(): void {
  const [left] = string.gsub(
    channel.DYNAMIC_FEATURES.get() ?? "",
    `#?${string.gsub(features.return, "%-", "%%-")[0]}$`,
    "",
  );
  channel.DYNAMIC_FEATURES.set(left);
  recall(current(), "back");
}
