import type { kinds } from "./kinds.ts";

/** One row of a table of settings: settings-table.ts and extension-settings.ts. */
export interface Setting {
  readonly name: string;
  readonly kind: keyof typeof kinds;
  readonly default: string;
  readonly min?: number;
  /** The largest number, or the longest text in characters. */
  readonly max: number;
  readonly choices?: readonly string[];
  /** Other files depend on it, so a change takes effect only after `install`. */
  readonly applied?: true;
  /** Without [nodes] nobody needs it, so a new smart_transfer.conf does not have it. */
  readonly forNodes?: true;
  readonly about: string;
}
