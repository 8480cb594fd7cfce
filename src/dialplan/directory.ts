import { index } from "../settings/files";
import { indexed } from "./config";
import { extensionSetting, setting, split } from "./settings";

/** What an extension's devices are to a caller. */
export type Reach = "free" | "busy" | "offline";

/** Why nobody may be sent to an extension. */
export type Refusal = "offline" | "declined";

const offlineStates: Record<string, true> = { UNAVAILABLE: true, INVALID: true };

export function isExtension(digits: string): boolean {
  return digits !== "" && extensionSetting(digits, "device") !== "";
}

/** Does any longer extension begin with these digits? Asked of the installer's index: no table here grows with the directory. */
export function isPrefix(digits: string): boolean {
  return indexed(index.prefixes, digits) !== undefined;
}

/** The extension whose device this channel belongs to; `undefined` for an outsider. */
export function extensionOf(channelName: string): string | undefined {
  // PJSIP/front-desk-0000001a: an endpoint's name may hold a dash itself, so the cut is at the last one.
  const [device] = string.match(channelName, "^(.+)%-[^-]*$");
  if (device === undefined) return undefined;
  return indexed(index.devices, device);
}

/** Himself, the caller himself, who may not receive, and who can be found neither at his desk nor on a mobile. */
export function refusalOf(receiver: string, transferer?: string, caller?: string): Refusal | undefined {
  if (receiver === transferer || receiver === caller) return "declined";
  if (extensionSetting(receiver, "receive") === "no") return "declined";
  if (reach(receiver) !== "offline") return undefined;
  const hasMobile = extensionSetting(receiver, "mobile") !== "" && setting("mobile_dial") !== "";
  return hasMobile ? undefined : "offline";
}

/** The devices of an extension, the first of which its line watches. */
export function devicesOf(extension: string): string[] {
  return split(extensionSetting(extension, "device"), "&");
}

/** By device state now: free when any of the devices is, busy when one that is not offline is. */
export function reach(extension: string): Reach {
  const busyStates = setting("busy_states");
  let best: Reach = "offline";
  for (const device of devicesOf(extension)) {
    const state = channel.DEVICE_STATE(device).get() ?? "INVALID";
    const [isBusy] = string.find(`,${busyStates},`, `,${state},`, 1, true);
    if (isBusy !== undefined) best = "busy";
    else if (!offlineStates[state]) return "free";
  }
  return best;
}

/** What to Dial for the extension: all of its phones. Empty when none is registered. */
export function dialString(extension: string): string {
  const own = extensionSetting(extension, "dial");
  if (own !== "") return own;
  let phones = "";
  for (const device of devicesOf(extension)) {
    const [endpoint] = string.match(device, "^PJSIP/(.+)$");
    // PJSIP/101 rings one phone of endpoint 101, this function all of them.
    const dial = endpoint === undefined ? device : (channel.PJSIP_DIAL_CONTACTS(endpoint).get() ?? "");
    if (dial !== "") phones = phones === "" ? dial : `${phones}&${dial}`;
  }
  return phones;
}
