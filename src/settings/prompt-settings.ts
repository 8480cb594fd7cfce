import { promptSounds } from "./files.ts";
import { prompts } from "./prompts.ts";
import { generalSettings, type Setting } from "./table.ts";

/** The setting of [general] that names a prompt's sounds, one for each prompt: prompt_dial = smart-transfer/dial */
export const promptSettings: readonly Setting[] = prompts.map(({ name, when }) => ({
  name: `prompt_${name}`,
  kind: "sound",
  default: promptSounds[name],
  max: 400,
  about: when,
}));

/** All that may stand in [general]. */
export const generalRows: readonly Setting[] = [...generalSettings, ...promptSettings];
