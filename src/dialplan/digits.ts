import { isPrefix } from "./directory";
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
    app.Read("SMART_TRANSFER_DIGIT", playing, 1, undefined, 1, silence);
    playing = undefined;
    const digit = channel.SMART_TRANSFER_DIGIT.get() ?? "";
    if (channel.READSTATUS.get() === "HANGUP" || digit === "*") return undefined;
    // Silence, or the # that ends Read and is not handed over.
    if (digit === "") return digits;
    digits += digit;
    if (!isPrefix(digits)) return digits;
  }
}
