import type { OpenFile } from "../../asterisk/files.ts";
import { readRecord, type TransferRecord } from "../../contract/read-record.ts";
import { contentOf } from "./content.ts";
import { type DateFormat, dateFormat, type Stamp } from "./date-format.ts";
import { mark, recordLine } from "./record-line.ts";
import { sifter } from "./sift.ts";
import { YearCount } from "./years.ts";
import type { Zone } from "./zone.ts";

/** The outcome of a transfer, and when it ended, in ms since 1970. */
export interface Transfer extends TransferRecord {
  readonly time: number;
}

/** The logger's default dateformat and those in its sample: a log may be older than the admin's last change of the format. */
const usualFormats = ["%b %e %T", "%F %T", "%F %T.%3q", "%F %T.%6q", "%FT%T%z", "%FT%T.%3q%z", "%s.%3q", "%s"];

/** A record, with its date as in the log. */
export interface Dated {
  readonly stamp: Stamp;
  readonly record: TransferRecord;
}

/** How to read the lines of this PBX's log. */
export interface Reading {
  /** The date formats to try, most likely first. */
  readonly formats: readonly DateFormat[];
  readonly zone: Zone;
  /** Called with the date of each record whose date no format fits. */
  readonly onUnread: (date: string) => void;
}

/** @param dateformat the setting of logger.conf */
export function readingOf(
  dateformat: string | undefined,
  zone: Zone,
  onUnread: (date: string) => void = () => {},
): Reading {
  const formats = [...new Set([dateformat ?? "", ...usualFormats])].filter(Boolean).map(dateFormat);
  return { formats, zone, onUnread };
}

/** `undefined` if the line is not a record. */
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

/** Reads the records of one file in order. */
export class TransferReader {
  private readonly sift = sifter(mark);
  private readonly years = new YearCount();
  private firstYear: number | undefined;

  constructor(
    private readonly log: OpenFile,
    private readonly reading: Reading,
  ) {}

  /** Yields all records of the file. Calls `onRead` with the number of bytes read. */
  async *all(onRead: (bytes: number) => void): AsyncGenerator<Transfer[]> {
    for await (const piece of contentOf(this.log, onRead)) {
      const found = this.datedIn(piece);
      if (this.firstYear === undefined && found.some(namesNoYear)) await this.foresee();
      yield found.map((one) => this.timed(one));
    }
  }

  /** The records in what was added to the file since. */
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

  /** Finds the year of dates without one: the last is in the year of the file's last change, and the others are counted back. */
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
