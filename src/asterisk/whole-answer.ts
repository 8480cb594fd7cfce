import { type AsteriskCli, CliProblem } from "./cli.ts";

/** A CLI command that prints a row for each thing, and mostly their number. */
export interface Listing {
  readonly command: string;
  /** Matches each row, and captures their number. */
  readonly count?: { readonly row: RegExp; readonly total: RegExp };
}

export const applicationList: Listing = {
  command: "core show applications",
  count: { row: /^ *\w+: /gm, total: /^ *-= (\d+) Applications Registered/m },
};
export const functionList: Listing = {
  command: "core show functions",
  count: { row: /^\w+ {2,}\w+\(/gm, total: /^(\d+) custom functions installed/m },
};
export const moduleList: Listing = {
  command: "module show",
  count: { row: /^\S.*\s(?:Not )?Running\s/gm, total: /^(\d+) modules loaded/m },
};
export const hintList: Listing = {
  command: "core show hints",
  count: { row: /^\s*\S+@\S+\s*:\s/gm, total: /^- (\d+) hints registered/m },
};
export const peerObjects: Listing = { command: "sip show objects" };
export const peerList: Listing = { command: "sip show peers" };
export const endpointList: Listing = {
  command: "pjsip show endpoints",
  count: { row: /^ Endpoint: {2}[^<]/gm, total: /^Objects found: (\d+)/m },
};

const attempts = 5;

/**
 * Asks until the answer has as many rows as it says. Asterisk drops what its command line does not take within 100 ms
 * (main/utils.c, ast_carefulwrite), so that a busy machine loses rows of long answers. The same answer twice is believed
 * too: not every listing is counted, or counted alike by every version.
 */
export async function wholeAnswer(cli: AsteriskCli, { command, count }: Listing): Promise<string> {
  let before: string | undefined;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const shown = await cli.run(command);
    if (shown === before || (count !== undefined && isWhole(shown, count))) return shown;
    before = shown;
  }
  throw new CliProblem(
    "no answer",
    `Asterisk's answers to "${command}" were incomplete.`,
    "This machine is very busy. Run this again when it is less so.",
  );
}

function isWhole(shown: string, { row, total }: Required<Listing>["count"]): boolean {
  return Number(total.exec(shown)?.[1]) === [...shown.matchAll(row)].length;
}
