import type { OwnEndpoints } from "../../asterisk/endpoints.ts";
import type { Survey } from "../preflight/survey.ts";
import { byNumber, type DirectoryEntry, writeExtensions } from "../settings/extensions.ts";
import type { Choice } from "./asker.ts";

/** A possible participant, as the running PBX knows them. */
export interface Participant extends DirectoryEntry {
  /** The name in their caller ID; empty without one. */
  readonly name: string;
  readonly state: "online" | "offline" | "unknown here";
}

/** Everyone on the PBX, plus directory entries that the PBX no longer has, sorted by number. */
export function peopleOf(
  survey: Survey | undefined,
  endpoints: OwnEndpoints,
  directory: readonly DirectoryEntry[],
): Participant[] {
  const found = new Map((survey?.candidates ?? []).map((entry) => [entry.extension, entry]));
  const all = new Map([...found, ...directory.map((entry) => [entry.extension, entry] as const)]);
  const person = (entry: DirectoryEntry): Participant => {
    const devices = entry.device.split("&");
    const names = devices.map((device) => endpoints.get(device)?.name);
    const isOffline = devices.every((device) => survey?.offline.has(device));
    const state = found.has(entry.extension) ? (isOffline ? "offline" : "online") : "unknown here";
    return { ...entry, name: names.find(Boolean) ?? "", state };
  };
  return [...all.values()].sort(byNumber).map(person);
}

/** One line per person, in columns. Shows a device only if its name differs from the extension. */
export function choicesOf(people: readonly Participant[]): Choice<DirectoryEntry>[] {
  const device = ({ extension, device }: Participant) => (device === `PJSIP/${extension}` ? "" : device);
  const width = (of: (person: Participant) => string) => Math.max(...people.map((person) => of(person).length));
  const widths = [({ extension }: Participant) => extension, ({ name }: Participant) => name, device].map((of) => ({
    of,
    width: width(of),
  }));
  return people.map((person) => {
    const columns = widths.flatMap(({ of, width: most }) => (most === 0 ? [] : [of(person).padEnd(most)]));
    const { extension, device: value } = person;
    return { title: [...columns, person.state].join("  "), value: { extension, device: value } };
  });
}

/** A summary such as "101-110 (10 extensions)". */
export function sumOf(entries: readonly DirectoryEntry[]): string {
  const list = writeExtensions(entries);
  const shown = list.length > 40 ? `${list.slice(0, 40).replace(/,[^,]*$/, "")},...` : list;
  return `${shown} (${entries.length === 1 ? "1 extension" : `${entries.length} extensions`})`;
}
