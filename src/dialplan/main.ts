import { contexts, hangup } from "../contract/names";
import { alertPhone } from "./alert";
import { chosenWhileRinging, onTheWayBack } from "./back";
import { buttonPressed } from "./button";
import { forgetSettings } from "./config";
import { runHangupExtension } from "./hangup-extension";
import { digitsKeyed, keyPressed } from "./key-handed-over";
import { callMobile, mobileAnswers } from "./mobile";
import { peerCalls } from "./peer";
import { callReceiver } from "./receiver";
import { callerHungUp } from "./record";
import { rehearse } from "./stage/stage";
import { takeBack } from "./takeback";

/** The handler of each context. */
const handlers: Record<string, (extension: string) => void> = {
  [contexts.key]: keyPressed,
  [contexts.keyed]: digitsKeyed,
  [contexts.button]: buttonPressed,
  [contexts.receiver]: callReceiver,
  [contexts.line]: chosenWhileRinging,
  [contexts.mobile]: callMobile,
  [contexts.accept]: mobileAnswers,
  [contexts.recall]: onTheWayBack,
  [contexts.takeback]: takeBack,
  [contexts.alert]: alertPhone,
  [contexts.end]: callerHungUp,
  [contexts.atHome]: peerCalls,
  [contexts.rehearsal]: rehearse,
};

/**
 * Called by the block in extensions.lua, with the context and extension from pbx_lua. The block has already called
 * autoservice_stop(): while that thread runs, every application and variable would wait 10-40 ms for it.
 */
export function run(context: string, extension: string): void {
  forgetSettings();
  if (extension === hangup) runHangupExtension();
  else handlers[context](extension);
}
