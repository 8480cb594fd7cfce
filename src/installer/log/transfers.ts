import { readRecord, type TransferRecord } from "../../contract/read-record.ts";
import { type DateFormat, dateFormat, type Stamp } from "./date-format.ts";
import { contentOf, type OpenLog } from "./open-log.ts";
import { mark, recordLine } from "./record-line.ts";
import { sifter } from "./sift.ts";
import { YearCount } from "./years.ts";
import type { Zone } from "./zone.ts";

/** What became of a transfer, and when it was over, in ms since 1970. */
export interface Transfer extends TransferRecord {
  readonly time: number;
}

/** The logger's own dateformat, and those that its sample offers: a log may be older than the admin's last edit of it. */
const usualFormats = ["%b %e %T", "%F %T", "%F %T.%3q", "%F %T.%6q", "%FT%T%z", "%FT%T.%3q%z", "%s.%3q", "%s"];

/** A record with its date as it stands in the log. */
export interface Dated {
  readonly stamp: Stamp;
  readonly record: TransferRecord;
}

/** How the lines of this PBX's log are read. */
export interface Reading {
  /** Of the dates, the likeliest first. */
  readonly formats: readonly DateFormat[];
  readonly zone: Zone;
  /** Is told of what looks like a record, but has a date that cannot be read. */
  readonly onUnread: (date: string) => void;
}

/** @param dateformat of logger.conf */
export function readingOf(
  dateformat: string | undefined,
  zone: Zone,
  onUnread: (date: string) => void = () => {},
): Reading {
  const formats = [...new Set([dateformat ?? "", ...usualFormats])].filter(Boolean).map(dateFormat);
  return { formats, zone, onUnread };
}

/** `undefined` for what is no record. */
export function dated(line: string, { formats, onUnread }: Reading): Dated | undefined {
  const found = recordLine(line);
  const record = found && readRecord(found.text);
  if (found === undefined || record === undefined) return undefined;
  for (const format of formats) {
    const stamp = format.read(found.date);
    if (stamp !== undefined) return { stamp, record };
  }
  onUnread(found.date);
  return undefined;
}

/** Reads the records of one file, in their order. */
export class TransferReader {
  private readonly sift = sifter(mark);
  private readonly years = new YearCount();
  private firstYear: number | undefined;

  constructor(
    private readonly log: OpenLog,
    private readonly reading: Reading,
  ) {}

  /** All that is in the file. `onRead` is told of the bytes that were read. */
  async *all(onRead: (bytes: number) => void): AsyncGenerator<Transfer[]> {
    for await (const piece of contentOf(this.log, onRead)) {
      const found = this.datedIn(piece);
      if (this.firstYear === undefined && found.some(namesNoYear)) await this.foresee();
      yield found.map((one) => this.timed(one));
    }
  }

  /** The records of what was added to the file since. */
  more(piece: Buffer): Transfer[] {
    return this.datedIn(piece).map((one) => this.timed(one));
  }

  private datedIn(piece: Buffer): Dated[] {
    return this.sift(piece).flatMap((line) => dated(line, this.reading) ?? []);
  }

  private timed({ stamp, record }: Dated): Transfer {
    if (!namesNoYear({ stamp })) return { ...record, time: this.reading.zone(stamp, stamp.year ?? 0) };
    const year = (this.firstYear ?? new Date().getFullYear()) + this.years.add(stamp);
    return { ...record, time: this.reading.zone(stamp, year) };
  }

  /** Dates without a year: that of the last one follows from when the file was last written, and from there back. */
  private async foresee(): Promise<void> {
    const years = new YearCount();
    const sift = sifter(mark);
    const quiet = { ...this.reading, onUnread: () => {} };
    for await (const piece of contentOf(this.log)) {
      const found = sift(piece).flatMap((line) => dated(line, quiet) ?? []);
      for (const { stamp } of found.filter(namesNoYear)) years.add(stamp);
    }
    this.firstYear = years.firstYear(this.log.stats.mtimeMs, this.reading.zone);
  }
}

function namesNoYear({ stamp }: Pick<Dated, "stamp">): boolean {
  return stamp.year === undefined && stamp.epoch === undefined;
}
