import { extensionSettings } from "../../contract/extension-settings.ts";
import type { Setting } from "../../contract/setting.ts";
import { faultOf } from "../settings/fault.ts";

const mobileSetting = extensionSettings.find(({ name }) => name === "mobile") as Setting;

/** Reads `102=+12025550102, 105=...`. Returns what is wrong as a sentence. Every key must be one of `extensions`. */
export function readMobiles(text: string, extensions: ReadonlySet<string>): Record<string, string> | string {
  const mobiles: Record<string, string> = {};
  for (const item of text.split(/[\s,]+/).filter(Boolean)) {
    const [, extension = "", number = ""] = /^([0-9]+)=(.+)$/.exec(item) ?? [];
    if (number === "") return `"${item}" is not EXTENSION=NUMBER, such as 102=+12025550102.`;
    if (!extensions.has(extension)) return `${extension} does not take part.`;
    if (extension in mobiles) return `${extension} is listed twice.`;
    const fault = faultOf(mobileSetting, number);
    if (fault !== undefined) return `"${number}" ${fault}.`;
    mobiles[extension] = number;
  }
  return mobiles;
}

export function writeMobiles(mobiles: Readonly<Record<string, string>>): string {
  return Object.entries(mobiles)
    .map(([extension, number]) => `${extension}=${number}`)
    .join(", ");
}
