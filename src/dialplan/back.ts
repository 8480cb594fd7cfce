import { voicemailChosen } from "../contract/names";
import { isRecall } from "./alert";
import { fallBack } from "./fallback";
import { callTransferer, recall } from "./recall";
import { endStep } from "./record";
import { takeReturnKey } from "./return-key";
import { giveTicketBack } from "./ticket";
import { current } from "./transfer";
import { leaveMessage } from "./voicemail";

/**
 * The caller pressed a key while a phone rang for them, and Dial has sent them here (plan/dial-contexts.ts). If the
 * transferer's phone rang, the return key means that they do not want to wait any longer: they go to the fallback.
 */
export function chosenWhileRinging(extension: string): void {
  if (extension === voicemailChosen) leaveMessage();
  giveTicketBack();
  takeReturnKey();
  if (isRecall()) fallBack();
  else recall(current(), "back");
}

/** The caller is at the transferer's extension (recall.ts), or at `s`, where the feature has sent them (plan/generated.ts). */
export function onTheWayBack(extension: string): void {
  if (extension === "s") backFromMobile();
  else callTransferer();
}

/** The caller pressed return_key while talking to a mobile. */
function backFromMobile(): void {
  takeReturnKey();
  endStep();
  recall(current(), "back");
}
