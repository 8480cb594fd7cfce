import type { OwnEndpoints } from "../asterisk/endpoints.ts";
import type { Survey } from "../asterisk/survey.ts";
import { byNumber, type DirectoryEntry, writeExtensions } from "../settings/extensions.ts";
import type { Choice } from "./asker.ts";

/** Somebody who can take part, as the running PBX knows him. */
export interface Person extends DirectoryEntry {
  /** Of his caller ID; empty without one. */
  readonly name: string;
  readonly state: "online" | "offline" | "unknown here";
}

/** Those whom the PBX has, and those of the directory that it has no more; by their number. */
export function peopleOf(
  survey: Survey | undefined,
  endpoints: OwnEndpoints,
  directory: readonly DirectoryEntry[],
): Person[] {
  const found = new Map((survey?.candidates ?? []).map((entry) => [entry.extension, entry]));
  const all = new Map([...found, ...directory.map((entry) => [entry.extension, entry] as const)]);
  const person = (entry: DirectoryEntry): Person => {
    const devices = entry.device.split("&");
    const names = devices.map((device) => endpoints.get(device)?.name);
    const isOffline = devices.every((device) => survey?.offline.has(device));
    const state = found.has(entry.extension) ? (isOffline ? "offline" : "online") : "unknown here";
    return { ...entry, name: names.find(Boolean) ?? "", state };
  };
  return [...all.values()].sort(byNumber).map(person);
}

/** A line for each, in columns. A device is shown where it is not named like its extension. */
export function choicesOf(people: readonly Person[]): Choice<DirectoryEntry>[] {
  const device = ({ extension, device }: Person) => (device === `PJSIP/${extension}` ? "" : device);
  const width = (of: (person: Person) => string) => Math.max(...people.map((person) => of(person).length));
  const widths = [({ extension }: Person) => extension, ({ name }: Person) => name, device].map((of) => ({
    of,
    width: width(of),
  }));
  return people.map((person) => {
    const columns = widths.flatMap(({ of, width: most }) => (most === 0 ? [] : [of(person).padEnd(most)]));
    const { extension, device: value } = person;
    return { title: [...columns, person.state].join("  "), value: { extension, device: value } };
  });
}

/** Such as "101-110 (10 extensions)". */
export function sumOf(entries: readonly DirectoryEntry[]): string {
  const list = writeExtensions(entries);
  const shown = list.length > 40 ? `${list.slice(0, 40).replace(/,[^,]*$/, "")},...` : list;
  return `${shown} (${entries.length === 1 ? "1 extension" : `${entries.length} extensions`})`;
}
