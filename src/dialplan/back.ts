import { features } from "../settings/files";
import { leaveLine } from "./lines";
import { recall, recallAgain } from "./recall";
import { current } from "./state";
import { leaveTurn } from "./turn";

/** The caller pressed the key in the line, at any moment: Queue has sent him here. */
export function backFromLine(): void {
  const transfer = current();
  leaveTurn();
  leaveLine();
  // Who waits for the transferer himself has nowhere to go back to.
  if (channel.SMART_TRANSFER_STEP.get() === "recall-line") recallAgain(transfer);
  else recall(transfer, "back");
}

/** The caller pressed return_key while he was talking to the mobile: the feature has sent him here. */
export function backFromMobile(): void {
  const [left] = string.gsub(
    channel.DYNAMIC_FEATURES.get() ?? "",
    `#?${string.gsub(features.return, "%-", "%%-")[0]}$`,
    "",
  );
  channel.DYNAMIC_FEATURES.set(left);
  recall(current(), "back");
}
