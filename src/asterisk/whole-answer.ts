import { type AsteriskCli, CliProblem } from "./cli.ts";

/** A CLI command that prints a row for each thing, and mostly their number. */
export interface Listing {
  readonly command: string;
  /** Matches the name in each row, which does not change by itself. */
  readonly row: RegExp;
  /** Captures the number of rows. */
  readonly total?: RegExp;
}

export const applicationList: Listing = {
  command: "core show applications",
  row: /^ *\w+: /gm,
  total: /^ *-= (\d+) Applications Registered/m,
};
export const functionList: Listing = {
  command: "core show functions",
  row: /^\w+ {2,}\w+\(/gm,
  total: /^(\d+) custom functions installed/m,
};
export const moduleList: Listing = {
  command: "module show",
  row: /^\S+(?=\s.*\s(?:Not )?Running\s)/gm,
  total: /^(\d+) modules loaded/m,
};
export const hintList: Listing = {
  command: "core show hints",
  row: /^\s*\S+@\S+(?=\s*:\s)/gm,
  total: /^- (\d+) hints registered/m,
};
export const peerObjects: Listing = { command: "sip show objects", row: /^name: .*/gm };
export const peerList: Listing = { command: "sip show peers", row: /^\S+/gm };
export const endpointList: Listing = {
  command: "pjsip show endpoints",
  row: /^ Endpoint: {2}[^\s/<]+/gm,
  total: /^Objects found: (\d+)/m,
};

const attempts = 5;

/**
 * Asks until the answer has as many rows as it says. Asterisk drops what its command line does not take within 100 ms
 * (main/utils.c, ast_carefulwrite), so that a busy machine loses rows of long answers. The same rows twice are believed
 * too: not every listing is counted, or counted alike by every version.
 */
export async function wholeAnswer(cli: AsteriskCli, { command, row, total }: Listing): Promise<string> {
  let before: string | undefined;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const shown = await cli.run(command);
    const names = [...shown.matchAll(row)].map(([name]) => name);
    if (names.join() === before || Number(total?.exec(shown)?.[1]) === names.length) return shown;
    before = names.join();
  }
  throw new CliProblem(
    "no answer",
    `Asterisk's answers to "${command}" were incomplete.`,
    "This machine is very busy. Run this again when it is less so.",
  );
}
