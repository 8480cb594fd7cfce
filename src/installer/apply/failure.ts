import { exitCode, Problem } from "../../terminal/problem.ts";

/** The operating system's errors in plain words, with remedies. */
const meanings: Readonly<Record<string, { what: (path: string) => string; remedy: string }>> = {
  EACCES: { what: notAllowed, remedy: "Run this as root or as Asterisk's own user." },
  EPERM: {
    what: notAllowed,
    remedy: "Run this as root or as Asterisk's own user. If the file is immutable, `lsattr` shows it.",
  },
  ENOSPC: { what: (path) => `The disk is full (${path}).`, remedy: "Free some room, then run this again." },
  EDQUOT: { what: (path) => `The disk quota is used up (${path}).`, remedy: "Free some room, then run this again." },
  EROFS: {
    what: (path) => `${path} is on a read-only file system.`,
    remedy: "Mount it writable, then run this again.",
  },
  EBUSY: {
    what: (path) => `${path} is mounted as a single file and cannot be replaced.`,
    remedy: "Mount its whole folder instead, then run this again.",
  },
};

function notAllowed(path: string): string {
  return `This user may not write ${path}.`;
}

/** Turns an error into a Problem that also says what became of the PBX. A bug of this program stays as it is. */
export function failure(error: unknown, outcome: string, remedy?: string): unknown {
  if (error instanceof Problem) {
    const code = error.code === exitCode.cancelled ? error.code : exitCode.failed;
    return new Problem(`${error.message} ${outcome}`, [error.remedy, remedy].filter(Boolean).join(" "), code);
  }
  const { code, path, dest, message } = error as NodeJS.ErrnoException & { dest?: string };
  if (code === undefined) return error;
  const meaning = meanings[code];
  const what = meaning?.what(dest ?? path ?? "while writing") ?? `${message}.`;
  return new Problem(
    `${what} ${outcome}`,
    [meaning?.remedy ?? "Correct that, then run this again.", remedy].filter(Boolean).join(" "),
  );
}
