import { settingsFile } from "../contract/names";
import { complain } from "./settings";
import { type Way, wayOf } from "./way";

/**
 * Stores on the caller's channel how to ring the transferer, so that a recall finds them even if smart_transfer.conf
 * changes meanwhile. A transferer outside the directory is rung on the phone they used.
 */
export function noteTransferer(transferer: string, phone: string): void {
  const device = transferer === phone ? "" : wayOf(transferer, "device");
  channel.SMART_TRANSFER_FROM_DEVICE.set(device === "" ? phone : device);
  channel.SMART_TRANSFER_FROM_DIAL.set(device === "" ? "" : wayOf(transferer, "dial"));
}

/** What was stored for a transferer whom the settings do not name or no longer name; empty for everybody else. */
export function noted(transferer: string, way: Way): string {
  if (transferer !== channel.SMART_TRANSFER_FROM.get()) return "";
  const device = channel.SMART_TRANSFER_FROM_DEVICE.get() ?? "";
  if (transferer !== device)
    complain(`${settingsFile}: [${transferer}] is gone: ringing what it rang when the transfer began`);
  return way === "device" ? device : (channel.SMART_TRANSFER_FROM_DIAL.get() ?? "");
}
