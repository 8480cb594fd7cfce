import { settingsFile } from "../contract/names";
import { complain, extensionSetting } from "./settings";

/** What an extension is found and rung by. */
export type Way = "device" | "dial";

/**
 * Notes on the caller's channel how the transferer is rung, so that a recall finds them whatever becomes of smart_transfer.conf
 * meanwhile. Who is not of the directory is rung by the phone that they transferred with.
 */
export function noteTransferer(transferer: string, phone: string): void {
  const device = transferer === phone ? "" : extensionSetting(transferer, "device");
  channel.SMART_TRANSFER_FROM_DEVICE.set(device === "" ? phone : device);
  channel.SMART_TRANSFER_FROM_DIAL.set(device === "" ? "" : extensionSetting(transferer, "dial"));
}

/** What was noted of a transferer whom the settings do not name, or no more; empty for everybody else. */
export function noted(transferer: string, way: Way): string {
  if (transferer !== channel.SMART_TRANSFER_FROM.get()) return "";
  const device = channel.SMART_TRANSFER_FROM_DEVICE.get() ?? "";
  if (transferer !== device) complain(`${settingsFile}: no [${transferer}] any more: rung as when the transfer began`);
  return way === "device" ? device : (channel.SMART_TRANSFER_FROM_DIAL.get() ?? "");
}
