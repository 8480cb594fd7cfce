import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { parseConf } from "../../asterisk/conf.ts";
import { covers } from "../../asterisk/identify.ts";
import { index, indexFile } from "../../contract/names.ts";
import { exitCode, Problem } from "../../terminal/problem.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { Node } from "../settings/nodes.ts";

/** What tells which of [nodes] an Asterisk is. */
export interface NodeSigns {
  /** --node */
  readonly option: string | undefined;
  /** The addresses of this machine; none if Asterisk is on another one. */
  readonly addresses: readonly string[];
  /** What the last install was told. */
  readonly kept: string | undefined;
}

/**
 * Which of [nodes] this Asterisk is; `undefined` if nothing tells. The machine's address goes before what the last
 * install kept: a node may have been made from a copy of another one's disk.
 */
export function whichNode(nodes: readonly Node[], { option, addresses, kept }: NodeSigns): string | undefined {
  const names = nodes.map(({ name }) => name);
  if (option !== undefined) {
    if (names.includes(option)) return option;
    throw new Problem(
      nodes.length === 0
        ? `--node ${option}: smart_transfer.conf has no [nodes].`
        : `--node ${option}: [nodes] has no such node.`,
      nodes.length === 0 ? "Leave it out, or list the nodes there." : `It has ${names.join(", ")}.`,
      exitCode.usage,
    );
  }
  const here = nodes.filter(({ address }) =>
    addresses.some((one) => address !== undefined && covers(one, address.host)),
  );
  if (here.length === 1) return here[0]?.name;
  return kept !== undefined && names.includes(kept) ? kept : undefined;
}

/** Nothing tells which node this is. */
export function unknownNode(nodes: readonly Node[]): Problem {
  return new Problem(
    "Which of [nodes] this Asterisk is cannot be told: not exactly one of their addresses is this machine's.",
    `Say it: ${nodes.map(({ name }) => `--node ${name}`).join(" or ")}.`,
    exitCode.usage,
  );
}

export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((some) => (some ?? []).map(({ address }) => address));
}

/** Which node the last install was for, as the generated index says. */
export function keptNode({ files, directories }: Snapshot): string | undefined {
  const text = files.get(join(directories.etc, indexFile))?.content.toString("latin1") ?? "";
  const section = parseConf(text).find(({ name }) => name === index.node);
  return section?.entries.find(({ name }) => name === "self")?.value;
}
