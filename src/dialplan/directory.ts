import { index, indexFile } from "../settings/files";
import { extensionSetting } from "./settings";

/** What a device can be to a caller. */
export type Reach = "free" | "busy" | "offline";

const offlineStates: Record<string, true> = { UNAVAILABLE: true, INVALID: true };
const busyStates: Record<string, true> = { INUSE: true, BUSY: true, RINGING: true, RINGINUSE: true, ONHOLD: true };

export function isExtension(digits: string): boolean {
  return digits !== "" && extensionSetting(digits, "device") !== "";
}

/** Does any longer extension begin with these digits? Asked of the installer's index: no table here grows with the directory. */
export function isPrefix(digits: string): boolean {
  return channel.AST_CONFIG(indexFile, index.prefixes, digits).get() !== undefined;
}

/** The extension whose device this channel belongs to; `undefined` for an outsider. */
export function extensionOf(channelName: string): string | undefined {
  // PJSIP/front-desk-0000001a: an endpoint's name may hold a dash itself, so the cut is at the last one.
  const [device] = string.match(channelName, "^(.+)%-[^-]*$");
  if (device === undefined) return undefined;
  return channel.AST_CONFIG(indexFile, index.devices, device).get();
}

/** The best that any of the extension's devices can do, by their device state now. */
export function reach(extension: string): Reach {
  let best: Reach = "offline";
  for (const [device] of string.gmatch(extensionSetting(extension, "device"), "[^&]+")) {
    const state = channel.DEVICE_STATE(device).get() ?? "INVALID";
    if (busyStates[state]) best = "busy";
    else if (!offlineStates[state]) return "free";
  }
  return best;
}

/** What to Dial for the extension: all of its phones. Empty when none is registered. */
export function dialString(extension: string): string {
  const own = extensionSetting(extension, "dial");
  if (own !== "") return own;
  let phones = "";
  for (const [device] of string.gmatch(extensionSetting(extension, "device"), "[^&]+")) {
    const [endpoint] = string.match(device, "^PJSIP/(.+)$");
    // PJSIP/101 rings one phone of endpoint 101, this function all of them.
    const dial = endpoint === undefined ? device : (channel.PJSIP_DIAL_CONTACTS(endpoint).get() ?? "");
    if (dial !== "") phones = phones === "" ? dial : `${phones}&${dial}`;
  }
  return phones;
}
