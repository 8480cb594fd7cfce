import type { DriverName } from "../src/sandbox/drivers.ts";

/** Who has a phone in a whole tree, and who calls in from outside. */
export const residents: readonly string[] = ["101", "102", "103", "108", "110"];
export const customers: readonly string[] = ["900", "901"];

/** A web interface, and the changes by which the files that it wrote run here. */
export interface TreeKind {
  readonly driver: DriverName;
  /** The file in which it writes the endpoints. */
  readonly endpointsFile: string;
  /** Modules of the other channel driver. */
  readonly unloaded: RegExp;
  /** How it calls a recording that the user cannot decline. */
  readonly recorded: string;
  /** @param port for SIP, on 127.0.0.1 */
  edits(port: number): Readonly<Record<string, (text: string) => string>>;
}
