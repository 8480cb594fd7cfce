import { settingsFile } from "../contract/names";
import { complain, extensionSetting } from "./settings";

/** How to find an extension and how to ring it. */
export type Way = "device" | "dial";

/**
 * Stores on the caller's channel how to ring the transferer, so that a recall finds them even if smart_transfer.conf
 * changes meanwhile. A transferer outside the directory is rung on the phone they used.
 */
export function noteTransferer(transferer: string, phone: string): void {
  const device = transferer === phone ? "" : extensionSetting(transferer, "device");
  channel.SMART_TRANSFER_FROM_DEVICE.set(device === "" ? phone : device);
  channel.SMART_TRANSFER_FROM_DIAL.set(device === "" ? "" : extensionSetting(transferer, "dial"));
}

/** What was stored for a transferer whom the settings do not name or no longer name; empty for everybody else. */
export function noted(transferer: string, way: Way): string {
  if (transferer !== channel.SMART_TRANSFER_FROM.get()) return "";
  const device = channel.SMART_TRANSFER_FROM_DEVICE.get() ?? "";
  if (transferer !== device) complain(`${settingsFile}: no [${transferer}] any more: rung as when the transfer began`);
  return way === "device" ? device : (channel.SMART_TRANSFER_FROM_DIAL.get() ?? "");
}
