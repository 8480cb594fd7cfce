import { now } from "./clock";
import { extensionSetting, filledIn, numberSetting, setting } from "./settings";

/** The Dial argument for an extension's mobile; `undefined` if it has none. */
export function mobileOf(extension: string): string | undefined {
  const number = extensionSetting(extension, "mobile");
  const template = setting("mobile_dial");
  if (number === "" || template === "") return undefined;
  return filledIn(template, number, "NUMBER");
}

/** Whether an extension has a mobile that may be called now. */
export function hasMobile(extension: string): boolean {
  return mobileOf(extension) !== undefined && !isSpared(extension);
}

/**
 * Notes that nobody accepted a call on this mobile. In a global variable, because the next transfer is another channel:
 * it costs one lookup in memory, and a restart forgets it. AstDB would keep it for ever.
 */
export function noteUnaccepted(extension: string): void {
  if (memory() > 0) unaccepted(extension).set(string.format("%.0f", now()));
}

/** Whether nobody accepted a call on this mobile a short time ago. */
function isSpared(extension: string): boolean {
  if (memory() === 0) return false;
  const since = tonumber(unaccepted(extension).get() ?? "") ?? 0;
  return now() - since < memory();
}

function unaccepted(extension: string): ChannelValue {
  return channel.GLOBAL(`SMART_TRANSFER_MOBILE_${extension}`);
}

/** In milliseconds. */
function memory(): number {
  return numberSetting("mobile_memory") * 60_000;
}
