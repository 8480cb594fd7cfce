import { forgetRecall } from "./alert";
import { isExtension } from "./directory";
import { exists, goTo, type Place, placeIn } from "./place";
import { step } from "./record";
import { extensionSetting, filledIn, prompt, setting } from "./settings";
import { current } from "./transfer";

/** Who takes a caller whom nobody took: as the transferer's own setting says, else that of all. */
function named(): Place | undefined {
  const { transferer, receiver } = current();
  const isKnown = isExtension(transferer);
  const own = isKnown ? extensionSetting(transferer, "fallback") : "";
  const template = filledIn(own === "" ? setting("fallback") : own, receiver, "RECEIVER");
  // A transferer who is not in the directory has no extension that could stand there.
  return placeIn(isKnown ? filledIn(template, transferer, "TRANSFERER") : template);
}

/** Whether there is a fallback for this caller. */
export function hasFallback(): boolean {
  const place = named();
  return place !== undefined && exists(place);
}

/** Sends the caller to the fallback. Without one they hear goodbye. */
export function fallBack(): void {
  forgetRecall();
  const place = named();
  if (place !== undefined) {
    if (exists(place)) {
      step("fallback");
      goTo(place);
    }
    app.Log("WARNING", `smart_transfer.conf: fallback ${place.extension}@${place.context} does not exist`);
  }
  step("goodbye");
  app.Playback(prompt("goodbye"));
  app.Hangup();
}
