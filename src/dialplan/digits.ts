import { isPrefix } from "./directory";
import { mayPassThrough } from "./pass-through";
import { seconds } from "./settings";

/**
 * Digits until they can only mean one extension, or none: no end key is needed. `#` or silence ends them early, `*` cancels
 * (`undefined`), as does the transferer's hanging up.
 */
export function readExtension(sound: string): string | undefined {
  const silence = seconds("digit_timeout");
  let digits = "";
  let playing: string | undefined = sound;
  while (true) {
    const digit = readDigit(playing, silence);
    playing = undefined;
    if (digit === undefined || digit === "*") return undefined;
    if (digit === "") return digits;
    digits += digit;
    if (!isPrefix(digits) && !mayPassThrough(digits)) return digits;
  }
}

/**
 * One key, pressed while a prompt plays or within some seconds after it. Empty: none was, or the `#` that ends Read and is
 * not handed over. `undefined`: the party hung up.
 */
export function readDigit(sound: string | undefined, silence: number): string | undefined {
  app.Read("SMART_TRANSFER_DIGIT", sound, 1, undefined, 1, silence);
  if (channel.READSTATUS.get() === "HANGUP") return undefined;
  return channel.SMART_TRANSFER_DIGIT.get() ?? "";
}
