import { exists, goTo, type Place, placeIn } from "./place";
import { step } from "./record";
import { filledIn, setting } from "./settings";
import { giveTicketBack } from "./ticket";
import { current } from "./transfer";

/** Where a message for the receiver can be left; `undefined` if they have no such place. */
export function mailboxOf(receiver: string): Place | undefined {
  const place = placeIn(filledIn(setting("voicemail"), receiver));
  return place !== undefined && exists(place) ? place : undefined;
}

/** Sends the caller to the receiver's voicemail. Returns only if there is none. */
export function leaveMessage(): void {
  const place = mailboxOf(current().receiver);
  if (place === undefined) return;
  giveTicketBack();
  step("voicemail");
  goTo(place);
}
