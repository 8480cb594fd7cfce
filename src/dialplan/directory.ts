import { index } from "../contract/names";
import { indexed } from "./config";
import { allPhones } from "./contacts";
import { hasMobile } from "./mobile-way";
import { extensionAcross, isRemote, isUp, trunkTo, wayHome } from "./nodes";
import { noted } from "./noted";
import { extensionSetting, filledIn, setting, split } from "./settings";
import { type Way, wayOf } from "./way";

/** The state of an extension's devices. */
export type Reach = "free" | "busy" | "offline";

/** Why a caller cannot be sent to an extension. */
export type Refusal = "offline" | "dnd" | "declined";

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

/** The extension of a caller. On the far end of a Local channel, whose caller it is has been noted (transfer.ts). */
export function callerAt(channelName: string): string | undefined {
  const known = extensionOf(channelName);
  if (known !== undefined) return known;
  const phone = phoneOf(channelName);
  if (phone !== undefined) return extensionAcross(channelName, phone);
  const noted = channel.IMPORT(channelName, "SMART_TRANSFER_FOR").get() ?? "";
  return noted === "" ? undefined : noted;
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
  return isExtension(extension) ? wayOf(extension, way) : noted(extension, way);
}

/**
 * Why the receiver cannot be chosen: they are the transferer or the caller, may not receive, do not want to be
 * disturbed, or are reachable neither at their desk nor on a mobile.
 */
export function refusalOf(receiver: string, transferer?: string, caller?: string): Refusal | undefined {
  if (receiver === transferer || receiver === caller) return "declined";
  if (extensionSetting(receiver, "receive") === "no") return "declined";
  if (isOnDoNotDisturb(receiver)) return "dnd";
  return reach(receiver) !== "offline" || hasMobile(receiver) ? undefined : "offline";
}

/** Whether an extension is on do-not-disturb, as the PBX's own dialplan keeps it in a device. Its home node looks for a remote one. */
export function isOnDoNotDisturb(extension: string): boolean {
  const device = filledIn(setting("dnd"), extension);
  if (device === "" || isRemote(extension)) return false;
  const state = channel.DEVICE_STATE(device).get();
  return state === "BUSY" || state === "INUSE";
}

/** The devices of an extension: the phones whose state is asked. */
export function devicesOf(extension: string): string[] {
  const devices = wayTo(extension, "device");
  return devices === "" ? [] : split(devices, "&");
}

/**
 * The current state of an extension: free if any device is free, else busy if any device is not offline. Of a remote one
 * this node only knows whether its home node is there.
 */
export function reach(extension: string): Reach {
  if (isRemote(extension)) return isUp(trunkTo(extension)) ? "free" : "offline";
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

/**
 * The options of Dial that give keys of Asterisk's own, for an extension that is rung by its devices: another way gives
 * its own. A caller from outside gets none, as they could call out with them.
 */
export function dialKeys(extension: string): string {
  const options = setting("dial_options");
  if (options === "" || !isExtension(extension)) return "";
  // Each node gives the keys to its own side of the call.
  if (isRemote(extension)) return isInside() ? string.gsub(options, "%l", "")[0] : "";
  if (wayOf(extension, "dial") !== "") return "";
  return isInside() ? options : string.gsub(options, "%u", "")[0];
}

/** Whether the caller is of this node's own directory. What another node says of who calls is not enough for a key. */
function isInside(): boolean {
  const caller = callerAt(channel.CHANNEL("name").get() ?? "");
  return caller !== undefined && !isRemote(caller);
}

/** The Dial argument for all phones of the extension. Empty if none is registered. */
export function dialString(extension: string): string {
  if (isRemote(extension)) return wayHome(extension);
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
