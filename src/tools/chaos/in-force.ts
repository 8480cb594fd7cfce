import { generalRows } from "../../installer/settings/prompt-settings.ts";
import { settings } from "./cast.ts";
import type { Event } from "./event.ts";

/** What a setting of [general] is while nobody edits it. */
export function usual(name: string): string {
  return settings[name] ?? generalRows.find((row) => row.name === name)?.default ?? "";
}

/** The value that a setting had all the time; `undefined` if it was edited meanwhile. */
export function inForce(events: readonly Event[], name: string, from: number, to: number): string | undefined {
  let value: string | undefined = usual(name);
  for (const event of events) {
    if (event.what !== "edits" || event.name !== name || event.at > to) continue;
    value = event.at < from ? event.value : undefined;
  }
  return value;
}
