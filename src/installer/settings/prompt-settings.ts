import { promptSounds } from "../../contract/names.ts";
import type { Setting } from "../../contract/setting.ts";
import { generalSettings } from "../../contract/settings-table.ts";
import { prompts } from "./prompts.ts";

/** One setting of [general] for each prompt, which names its sounds: prompt_dial = smart-transfer/dial */
export const promptSettings: readonly Setting[] = prompts.map(({ name, when }) => ({
  name: `prompt_${name}`,
  kind: "sound",
  default: promptSounds[name],
  max: 400,
  about: when,
}));

/** All settings of [general]. */
export const generalRows: readonly Setting[] = [...generalSettings, ...promptSettings];
