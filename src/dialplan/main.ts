import { contexts } from "../settings/files";
import { keyPressed } from "./key";
import { alertPhone } from "./recall";
import { callReceiver } from "./receiver";

const handlers: Record<string, (extension: string) => void> = {
  [contexts.key]: keyPressed,
  [contexts.receiver]: callReceiver,
  [contexts.alert]: alertPhone,
};

/**
 * What the block in extensions.lua calls, with the context and extension that pbx_lua hands it. The block has called
 * autoservice_stop() before: with that thread on, each application and variable would wait 10-40 ms for it.
 */
export function run(context: string, extension: string): void {
  handlers[context](extension);
}
