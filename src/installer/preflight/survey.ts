import type { AsteriskCli } from "../../asterisk/cli.ts";
import { endpointsIn, type Hint, hintsIn, offlineIn, offlinePeersIn, peersIn } from "../../asterisk/listings.ts";
import { deviceOf, endpointOf, technologies } from "../../asterisk/technologies.ts";
import {
  endpointList,
  hintList,
  type Listing,
  peerList,
  peerObjects,
  wholeAnswer,
} from "../../asterisk/whole-answer.ts";
import { byNumber, type DirectoryEntry, isDevice, isExtensionNumber } from "../settings/extensions.ts";

/** The devices that Asterisk knows. */
export interface Survey {
  /** PJSIP endpoints and chan_sip peers, such as PJSIP/101 and SIP/102. */
  readonly devices: ReadonlySet<string>;
  /** Devices without a registered phone at the moment. */
  readonly offline: ReadonlySet<string>;
  /** Possible participants: extensions with a hint, and endpoints whose name is an extension. */
  readonly candidates: readonly DirectoryEntry[];
  /** The candidates with a hint, because a trunk may also have a number for its name. If nobody has a hint, all candidates. */
  readonly residents: readonly DirectoryEntry[];
}

/** Asks all questions in parallel: each is a process of about 10 ms, and the admin waits for the first question. */
export async function survey(cli: AsteriskCli, modules: Promise<ReadonlySet<string> | undefined>): Promise<Survey> {
  const [hints, asked] = await Promise.all([wholeAnswer(cli, hintList), modules.then((found) => listed(cli, found))]);
  const found = (which: "namesIn" | "offlineIn") =>
    asked.flatMap(({ technology, shown, ...list }) =>
      [...list[which](shown)].map((name) => deviceOf({ technology, name })),
    );
  const devices = new Set(found("namesIn"));
  return { devices, offline: new Set(found("offlineIn")), ...candidates(hintsIn(hints), devices) };
}

async function listed(cli: AsteriskCli, modules: ReadonlySet<string> | undefined) {
  const asked = technologies
    .filter(({ driver }) => modules?.has(driver))
    .flatMap((technology) => lists[technology.name].map((one) => ({ technology, ...one })));
  return Promise.all(asked.map(async (one) => ({ ...one, shown: await wholeAnswer(cli, one.list) })));
}

/** How to list the devices of a channel driver, and which of them are offline. */
interface List {
  readonly list: Listing;
  readonly namesIn: (shown: string) => Set<string>;
  readonly offlineIn: (shown: string) => Set<string>;
}
const nobody = () => new Set<string>();
const lists: Readonly<Record<"PJSIP" | "SIP", readonly List[]>> = {
  PJSIP: [{ list: endpointList, namesIn: endpointsIn, offlineIn }],
  SIP: [
    { list: peerObjects, namesIn: peersIn, offlineIn: nobody },
    { list: peerList, namesIn: nobody, offlineIn: offlinePeersIn },
  ],
};

function candidates(hints: readonly Hint[], devices: ReadonlySet<string>): Pick<Survey, "candidates" | "residents"> {
  const named = [...devices].map((device) => ({ extension: endpointOf(device)?.name ?? "", device }));
  const hinted = hints.map(({ extension, device }) => ({ extension, device: phonesOf(device, devices) }));
  const all = distinct([...hinted, ...named]);
  const residents = distinct(hinted);
  return { candidates: all, residents: residents.length === 0 ? all : residents };
}

function distinct(entries: readonly DirectoryEntry[]): DirectoryEntry[] {
  const found = new Map<string, DirectoryEntry>();
  for (const entry of entries) {
    if (isExtensionNumber(entry.extension) && isDevice(entry.device) && !found.has(entry.extension))
      found.set(entry.extension, entry);
  }
  return [...found.values()].sort(byNumber);
}

/** The devices in a hint that can be rung. FreePBX writes hints such as `PJSIP/201&Custom:DND201`. */
function phonesOf(hint: string, devices: ReadonlySet<string>): string {
  const parts = hint.split("&");
  return parts.filter((one) => devices.has(one)).join("&");
}
