import { index } from "../../contract/names.ts";
import { castPrefix, stageSuffix } from "../../contract/scenes.ts";
import { atHome, type Settings } from "../settings/model.ts";
import { trunkTo } from "../settings/nodes.ts";
import { confHeader } from "./headers.ts";

/**
 * Indexes what the dialplan must find without reading the whole directory: which digits may continue, which extension
 * owns a device, in which languages Asterisk can announce a position, and the nodes. Divided into buckets, because
 * AST_CONFIG() searches a section from its beginning.
 *
 * @param spoken the languages with sounds for a position
 */
export function directoryIndex(settings: Settings, spoken: readonly string[]): string {
  const prefixes = new Set<string>();
  for (const { extension } of settings.directory) {
    for (let length = 1; length < extension.length; length++) prefixes.add(extension.slice(0, length));
  }
  const devices = new Map<string, string>();
  const transferers = new Map<string, string>();
  for (const { extension, device, transfer } of atHome(settings)) {
    for (const one of device.split("&")) {
      if (devices.has(one)) continue;
      devices.set(one, extension);
      if (transfer === "yes") transferers.set(one, extension);
    }
  }
  const sections = [
    ...inBuckets(index.prefixes, new Map([...prefixes].map((digits) => [digits, "yes"]))),
    section(index.prefixes + bucketOf(castPrefix) + stageSuffix, [[castPrefix, "yes"]]),
    ...inBuckets(index.devices, devices),
    // Not in buckets: extensions.conf reads this at each press of the key, and cannot compute the bucket of a device.
    section(index.transferers, [...transferers]),
    ...inBuckets(index.spoken, new Map(spoken.map((language) => [language, "yes"]))),
    ...nodeSections(settings),
  ];
  return [confHeader, ...sections].join("\n");
}

/** Which node this is, and the trunks to the others. Not in buckets: there are few. */
function nodeSections({ nodes, self }: Settings): string[] {
  if (self === undefined) return [];
  const peers = nodes.filter(({ name }) => name !== self);
  return [
    section(index.node, [["self", self]]),
    section(
      index.peers,
      peers.map((peer) => [peer.name, trunkTo(peer)]),
    ),
    section(
      index.trunks,
      peers.map((peer) => [`PJSIP/${trunkTo(peer)}`, peer.name]),
    ),
  ];
}

/**
 * The bucket of a key: its last two digits, which vary most; without digits, the one without a number.
 * dialplan/config.ts computes the same.
 */
export function bucketOf(key: string): string {
  return /(\d?\d)\D*$/.exec(key)?.[1] ?? "";
}

function inBuckets(part: string, entries: ReadonlyMap<string, string>): string[] {
  const buckets = new Map<string, Entry[]>();
  for (const entry of entries) {
    const bucket = bucketOf(entry[0]);
    const inside = buckets.get(bucket);
    if (inside === undefined) buckets.set(bucket, [entry]);
    else inside.push(entry);
  }
  return [...buckets].map(([bucket, some]) => section(part + bucket, some));
}

type Entry = readonly [key: string, value: string];

function section(name: string, entries: readonly Entry[]): string {
  return `[${name}]\n${entries.map(([key, value]) => `${key} = ${value}\n`).join("")}`;
}
