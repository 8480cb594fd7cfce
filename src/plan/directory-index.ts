import { castPrefix, stageSuffix } from "../rehearsal/scenes.ts";
import { index, sharedLines } from "../settings/files.ts";
import type { Settings } from "../settings/model.ts";
import { drawerOf, hasDrawers, sorted } from "./drawers.ts";
import { confHeader } from "./headers.ts";
import { sharedLineCount } from "./lines.ts";

/**
 * What the dialplan must find without reading the whole directory: which digits may go on, who owns a device, whether lines are
 * shared and whether there are drawers. It lies in drawers itself: AST_CONFIG() goes through a section from its beginning.
 */
export function directoryIndex(settings: Settings, modules: ReadonlySet<string> | undefined): string {
  const { directory } = settings;
  const prefixes = new Set<string>();
  for (const { extension } of directory) {
    for (let length = 1; length < extension.length; length++) prefixes.add(extension.slice(0, length));
  }
  const devices = new Map<string, string>();
  const transferers = new Map<string, string>();
  for (const { extension, device, transfer } of directory) {
    for (const one of device.split("&")) {
      if (devices.has(one)) continue;
      devices.set(one, extension);
      if (transfer === "yes") transferers.set(one, extension);
    }
  }
  const shared = sharedLineCount(settings);
  const sections = [
    ...inDrawers(index.prefixes, new Map([...prefixes].map((digits) => [digits, "yes"]))),
    section(index.prefixes + drawerOf(castPrefix) + stageSuffix, [[castPrefix, "yes"]]),
    ...inDrawers(index.devices, devices),
    // In one section: extensions.conf, which looks here at each press of the key, cannot tell the drawer of a device.
    section(index.transferers, [...transferers]),
    ...(shared === 0 ? [] : [section(index.lines, [[sharedLines, String(shared)]])]),
    ...(hasDrawers(settings, modules) ? [section(index.settings, [[index.drawers, "yes"]])] : []),
  ];
  return [confHeader, ...sections].join("\n");
}

function inDrawers(part: string, entries: ReadonlyMap<string, string>): string[] {
  return [...sorted(entries, ([key]) => key)].map(([drawer, some]) => section(part + drawer, some));
}

type Entry = readonly [key: string, value: string];

function section(name: string, entries: readonly Entry[]): string {
  return `[${name}]\n${entries.map(([key, value]) => `${key} = ${value}\n`).join("")}`;
}
