import { extensionSetting, filledIn, setting } from "./settings";

/** How to find an extension and how to ring it. */
export type Way = "device" | "dial";

/** As the settings of an extension say, or for `dial` those of all. Empty if none does: it is rung by its devices. */
export function wayOf(extension: string, way: Way): string {
  const own = extensionSetting(extension, way);
  if (way === "device") return own;
  return filledIn(own === "" ? setting("dial") : own, extension);
}
