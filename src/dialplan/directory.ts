import { index } from "../contract/names";
import { indexed } from "./config";
import { allPhones } from "./contacts";
import { noted, type Way } from "./noted";
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
  const device = deviceOf(channelName);
  return device === undefined ? undefined : indexed(index.devices, device);
}

/** Is this the channel of an extension that may start transfers? */
export function mayTransfer(channelName: string): boolean {
  const extension = extensionOf(channelName);
  return extension !== undefined && extensionSetting(extension, "transfer") !== "no";
}

/** PJSIP/front-desk-0000001a: an endpoint's name may hold a dash itself, so the cut is at the last one. */
function deviceOf(channelName: string): string | undefined {
  return string.match(channelName, "^(.+)%-[^-]*$")[0];
}

/** The telephone that a channel belongs to; `undefined` for a channel that is no telephone's, such as a Local one. */
export function phoneOf(channelName: string): string | undefined {
  const device = deviceOf(channelName) ?? "";
  return string.match(device, "^P?J?SIP/.")[0] === undefined ? undefined : device;
}

/** What an extension is found and rung by: by its settings, or as noted when the transfer began. */
function wayTo(extension: string, way: Way): string {
  return isExtension(extension) ? extensionSetting(extension, way) : noted(extension, way);
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
  const devices = wayTo(extension, "device");
  return devices === "" ? [] : split(devices, "&");
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
  const own = wayTo(extension, "dial");
  if (own !== "") return own;
  let phones = "";
  for (const device of devicesOf(extension)) {
    const [endpoint] = string.match(device, "^PJSIP/(.+)$");
    const dial = endpoint === undefined ? device : allPhones(endpoint);
    if (dial !== "") phones = phones === "" ? dial : `${phones}&${dial}`;
  }
  return phones;
}
