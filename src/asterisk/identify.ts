import { BlockList, isIP } from "node:net";
import type { ConfHeader } from "./conf.ts";
import { entries, placeOf, type TreeLine } from "./config-tree.ts";

/** A line that makes PJSIP take packets from some addresses for those of an endpoint. */
export interface Identified {
  readonly place: string;
  readonly endpoint: string;
  /** Addresses, networks and host names, as they are written. */
  readonly from: readonly string[];
}

/** The identify sections of pjsip.conf, and what pjsip_wizard.conf makes into such (res_pjsip_config_wizard.c). */
export function identifiedIn(pjsip: readonly TreeLine[], wizard: readonly TreeLine[]): Identified[] {
  const endpointOf = (section: ConfHeader) =>
    entries(pjsip).findLast((line) => line.section === section && line.name === "endpoint")?.value ?? section.name;
  const found = (lines: readonly TreeLine[], names: readonly string[], endpoint: (section: ConfHeader) => string) =>
    entries(lines)
      .filter(({ name }) => names.includes(name))
      .map((line) => ({
        place: placeOf(line),
        endpoint: endpoint(line.section),
        from: line.value.split(",").map((one) => one.trim()),
      }));
  return [
    ...found(pjsip, ["match"], endpointOf),
    ...found(wizard, ["remote_hosts", "identify/match"], ({ name }) => name),
  ];
}

/** Whether an address, a network or a host name, with or without a port, covers an address. Names are not looked up. */
export function covers(written: string, host: string): boolean {
  const family = isIP(host) === 6 ? "ipv6" : "ipv4";
  const [place = "", mask] = written.split("/");
  const bare = /^\[([^\]]+)\]/.exec(place)?.[1] ?? (isIP(place) === 6 ? place : place.replace(/:\d+$/, ""));
  if (isIP(bare) !== isIP(host)) return false;
  const list = new BlockList();
  const length = mask === undefined ? undefined : prefixLength(mask);
  if (length === undefined) list.addAddress(bare, family);
  else list.addSubnet(bare, length, family);
  return list.check(host, family);
}

/** 24 of `24` and of `255.255.255.0`. */
function prefixLength(mask: string): number | undefined {
  const most = 128;
  if (/^\d+$/.test(mask)) return Math.min(Number(mask), most);
  if (isIP(mask) !== 4) return undefined;
  return mask
    .split(".")
    .map((part) => Number(part).toString(2).replaceAll("0", "").length)
    .reduce((sum, ones) => sum + ones, 0);
}

/** The transports of pjsip.conf: name and protocol. */
export function transportsIn(pjsip: readonly TreeLine[]): Map<string, string> {
  const all = entries(pjsip);
  const isTransport = (section: ConfHeader) =>
    all.some((line) => line.section === section && line.name === "type" && line.value === "transport");
  return new Map(
    all.flatMap(({ name, value, section }) =>
      name === "protocol" && isTransport(section) ? [[section.name, value.toLowerCase()] as const] : [],
    ),
  );
}
