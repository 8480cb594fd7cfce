import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../../terminal/problem.ts";
import { type Office, startOffice } from "../office.ts";
import type { Phone } from "../phone.ts";
import type { Release } from "../release.ts";
import type { Cast } from "./cast.ts";

/** The PBXs and phones of a cast. */
export interface Company {
  readonly offices: readonly Office[];
  /** The phone of a number, at whichever PBX it is. */
  phone(number: string): Phone;
  /** The options of `install` at an office. */
  installOptions(office: Office): string[];
  stop(): Promise<void>;
}

/** The ring timeout in seconds: short, so that the demo is. */
export const ringTimeout = 3;

export async function startCompany(cast: Cast, release: Release): Promise<Company> {
  const started = await Promise.allSettled(
    cast.pbxs.map(({ host, extensions, callers }) =>
      startOffice({ release, endpoints: extensions, outsiders: callers, ...(host && { host }) }),
    ),
  );
  const offices = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const stop = async () => {
    await Promise.all(offices.map((office) => office.stop()));
  };
  const failed = started.find((one) => one.status === "rejected");
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  const settings = join((offices[0] as Office).folder, "smart_transfer.conf");
  const isShared = cast.pbxs.length > 1;
  if (isShared) await writeFile(settings, sharedSettings(cast, offices));
  return {
    offices,
    stop,
    phone(number) {
      const owner = offices.find(({ phones }) => phones.some((phone) => phone.number === number));
      if (owner === undefined) throw new Problem(`Nobody has number ${number}.`, "Name it in the cast.");
      return owner.phone(number);
    },
    installOptions(office) {
      const { extensions, node = "" } = cast.pbxs[offices.indexOf(office)] as Cast["pbxs"][number];
      if (isShared) return ["--settings", settings, "--node", node];
      return ["--extensions", extensions.join(","), "--set", `ring_timeout=${ringTimeout}`];
    },
  };
}

/** The smart_transfer.conf that all nodes have. */
function sharedSettings({ pbxs }: Cast, offices: readonly Office[]): string {
  const nodes = pbxs.map(({ node }, at) => `${node} = ${offices[at]?.pbx.host}:${offices[at]?.pbx.port}\n`);
  const sections = pbxs.flatMap(({ node, extensions }) =>
    extensions.map((extension) => `\n[${extension}]\ndevice = PJSIP/${extension}\nnode = ${node}\n`),
  );
  return `[general]\nring_timeout = ${ringTimeout}\n\n[nodes]\n${nodes.join("")}${sections.join("")}`;
}
