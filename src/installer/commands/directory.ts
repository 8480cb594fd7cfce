import { deviceOf, endpointOf } from "../../asterisk/technologies.ts";
import { few } from "../../terminal/few.ts";
import type { Survey } from "../preflight/survey.ts";
import { byNumber, type DirectoryEntry } from "../settings/extensions.ts";
import { atHome, type Extension } from "../settings/model.ts";
import type { InstallInput } from "./prepare.ts";

/** Who takes part, before anybody is asked. With several nodes, only those of this one. */
export interface Directory {
  readonly entries: readonly DirectoryEntry[];
  /** Notes about extensions that are new or gone. */
  readonly notes: readonly string[];
  /** Settings of [general] that follow from it. */
  readonly general: Readonly<Record<string, string>>;
}

/**
 * The list on the command line, else the installed one without what has gone from the PBX, else the PBX's residents.
 * With `extensions = auto`, the installed one and what was found.
 */
export function directoryOf({ given, installed, pbx: { survey } }: InstallInput): Directory {
  const follows = followsPbx({ given, installed });
  if (given.directory !== undefined) {
    const general = installed?.general.extensions === "auto" ? { extensions: "listed" } : {};
    return { entries: given.directory, notes: [], general };
  }
  const found = survey?.residents ?? [];
  const before = installed === undefined ? [] : atHome(installed);
  if (before.length === 0) return { entries: found, notes: leftOut(survey), general: {} };
  const staying = before.flatMap((entry) => stillThere(entry, survey));
  // Where nothing is left, it is not the extensions that have gone: Asterisk has not read them.
  if (staying.length === 0) return { entries: before, notes: [], general: {} };
  const come = follows ? found.filter(({ extension }) => !before.some((one) => one.extension === extension)) : [];
  const gone = before.filter(({ extension }) => !staying.some((one) => one.extension === extension));
  return {
    entries: [...staying, ...come].sort(byNumber),
    notes: [
      ...(gone.length === 0 ? [] : [`${numbers(gone)}: gone from this PBX, and so from the directory.`]),
      ...(come.length === 0 ? [] : [`${numbers(come)}: new on this PBX, and so in the directory.`]),
    ],
    general: {},
  };
}

/** Endpoints that nobody gets the key at unasked: whoever has no hint among others that do may be a trunk. */
function leftOut(survey: Survey | undefined): string[] {
  const { candidates = [], residents = [] } = survey ?? {};
  const others = candidates.filter(({ extension }) => !residents.some((one) => one.extension === extension));
  if (others.length === 0) return [];
  return [
    `${numbers(others)}: left out unless you choose them (--extensions), because an endpoint without a hint may be a trunk.`,
  ];
}

export function followsPbx({ given, installed }: Pick<InstallInput, "given" | "installed">): boolean {
  return (given.general.extensions ?? installed?.general.extensions) === "auto" && given.directory === undefined;
}

/** An entry with the devices that Asterisk has. What gets no key may have its endpoint where no list shows it. */
function stillThere({ extension, device, transfer }: Extension, survey: Survey | undefined): DirectoryEntry[] {
  const isThere = (one: string) => {
    const endpoint = endpointOf(one);
    return endpoint === undefined || survey === undefined || survey.devices.has(deviceOf(endpoint));
  };
  const left = transfer === "no" ? device : device.split("&").filter(isThere).join("&");
  return left === "" ? [] : [{ extension, device: left }];
}

function numbers(entries: readonly DirectoryEntry[]): string {
  return few(entries.map(({ extension }) => extension));
}
