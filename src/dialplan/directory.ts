import { index } from "../contract/names";
import { indexed } from "./config";
import { allPhones } from "./contacts";
import { noted, type Way } from "./noted";
import { extensionSetting, setting, split } from "./settings";

/** The state of an extension's devices. */
export type Reach = "free" | "busy" | "offline";

/** Why a caller cannot be sent to an extension. */
export type Refusal = "offline" | "declined";

const offlineStates: Record<string, true> = { UNAVAILABLE: true, INVALID: true };

export function isExtension(digits: string): boolean {
  return digits !== "" && extensionSetting(digits, "device") !== "";
}

/**
 * Whether a longer extension begins with these digits. Looked up in the installer's index, so that no table here grows
 * with the directory.
 */
export function isPrefix(digits: string): boolean {
  return indexed(index.prefixes, digits) !== undefined;
}

/** The extension whose device this channel belongs to; `undefined` for an outsider. */
export function extensionOf(channelName: string): string | undefined {
  const device = deviceOf(channelName);
  return device === undefined ? undefined : indexed(index.devices, device);
}

/** Whether this channel belongs to an extension that may start transfers. */
export function mayTransfer(channelName: string): boolean {
  const extension = extensionOf(channelName);
  return extension !== undefined && extensionSetting(extension, "transfer") !== "no";
}

/**
 * The device of a channel such as PJSIP/front-desk-0000001a. Endpoint names may contain dashes, so cut at the last one.
 */
function deviceOf(channelName: string): string | undefined {
  return string.match(channelName, "^(.+)%-[^-]*$")[0];
}

/** The phone of a channel; `undefined` for channels without one, such as Local. */
export function phoneOf(channelName: string): string | undefined {
  const device = deviceOf(channelName) ?? "";
  return string.match(device, "^P?J?SIP/.")[0] === undefined ? undefined : device;
}

/** The device or Dial argument of an extension, from its settings or as noted when the transfer began. */
function wayTo(extension: string, way: Way): string {
  return isExtension(extension) ? extensionSetting(extension, way) : noted(extension, way);
}

/**
 * Why the receiver cannot be chosen: they are the transferer or the caller, may not receive, or are reachable neither
 * at their desk nor on a mobile.
 */
export function refusalOf(receiver: string, transferer?: string, caller?: string): Refusal | undefined {
  if (receiver === transferer || receiver === caller) return "declined";
  if (extensionSetting(receiver, "receive") === "no") return "declined";
  if (reach(receiver) !== "offline") return undefined;
  const hasMobile = extensionSetting(receiver, "mobile") !== "" && setting("mobile_dial") !== "";
  return hasMobile ? undefined : "offline";
}

/** The devices of an extension. Its line watches the first. */
export function devicesOf(extension: string): string[] {
  const devices = wayTo(extension, "device");
  return devices === "" ? [] : split(devices, "&");
}

/** The current state of an extension: free if any device is free, else busy if any device is not offline. */
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

/** The Dial argument for all phones of the extension. Empty if none is registered. */
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
