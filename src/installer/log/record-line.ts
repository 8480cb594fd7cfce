/** What every record's line has in it, whatever the format is, and hardly another line. */
export const mark = "smart-transfer: caller=";

/** A line of the log in which our dialplan tells what became of a transfer. */
export interface RecordLine {
  /** As it stands there. */
  readonly date: string;
  /** What is told, from "caller=" on. */
  readonly text: string;
}

const level = "NOTICE\\[\\d+\\](?:\\[C-[0-9a-f]{8}\\])?";
/** Log() names the extension in place of a source file (apps/app_verbose.c). */
const source = "Ext\\. [^\\s:]{1,80}";
/** A context of ours, of this version or of another: old logs are read too. */
const context = "smart-transfer(?:-[a-z]+)*";
const sourceShape = new RegExp(`^${source}$`);
const contextShape = new RegExp(`^(?:@ )?${context}$`);

const text = new RegExp(
  `^\\[(.{1,255}?)\\] ${level}(?: ${source}: |: ${source}:\\d+ (?:@ )?${context}: )smart-transfer: (caller=.*)$`,
);

/**
 * Reads a record only from a line that Asterisk's logger wrote for it: date, level, thread and source come before our first
 * word, in one of the logger's three formats (main/logger.c: default, plain and json). So a caller's name that looks like a
 * record, inside another line, does not count.
 */
export function recordLine(line: string): RecordLine | undefined {
  if (line.startsWith("{")) return inJson(line);
  const [, date, told] = text.exec(line) ?? [];
  return date === undefined || told === undefined ? undefined : { date, text: told };
}

function inJson(line: string): RecordLine | undefined {
  const { timestamp, logmsg } = parsed(line);
  const { level: name, location, message } = logmsg ?? {};
  if (name !== "NOTICE" || typeof message !== "string" || typeof timestamp !== "string") return undefined;
  if (!sourceShape.test(String(location?.filename)) || !contextShape.test(String(location?.function))) return undefined;
  const told = /^smart-transfer: (caller=.*)\n$/.exec(message)?.[1];
  return told === undefined ? undefined : { date: timestamp, text: told };
}

interface JsonLine {
  readonly timestamp?: unknown;
  readonly logmsg?: {
    readonly level?: unknown;
    readonly message?: unknown;
    readonly location?: { readonly filename?: unknown; readonly function?: unknown };
  };
}

function parsed(line: string): JsonLine {
  try {
    return JSON.parse(line) as JsonLine;
  } catch {
    return {};
  }
}
