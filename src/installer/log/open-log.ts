import { spawn } from "node:child_process";
import { constants, readSync, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setImmediate as others } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { Problem } from "../../terminal/problem.ts";

/** A log file that is open: whatever gets its name from now on, this is what is read. */
export interface OpenLog {
  readonly path: string;
  readonly handle: FileHandle;
  readonly stats: Stats;
}

/** Linux: a descriptor that only says what a path is. Node does not name it. */
const O_PATH = 0o10000000;

/**
 * Opens a regular file. The folder of the logs belongs to Asterisk's user, who might lay a pipe, a device or a link to one there:
 * what it is gets known before anything is opened for reading, and through a descriptor, so that nobody can swap it in between.
 * `undefined` where there is no such file.
 *
 * @param path links followed
 */
export async function openLog(path: string): Promise<OpenLog | undefined> {
  const seen = await open(path, O_PATH | constants.O_NOFOLLOW).catch(refusal(path));
  if (seen === undefined) return undefined;
  try {
    if (!(await seen.stat()).isFile()) return undefined;
    const handle = await open(`/proc/self/fd/${seen.fd}`, "r").catch(refusal(path));
    return handle && { path, handle, stats: await handle.stat() };
  } finally {
    await seen.close();
  }
}

function refusal(path: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    const { code } = error;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") return undefined;
    if (code !== "EACCES" && code !== "EPERM") throw error;
    throw new Problem(`${path} may not be read by this user (${code}).`, "Run this as root or as Asterisk's own user.");
  };
}

/** The programs that undo what logrotate or the admin compressed with, by the ending of the name. */
const programs: Readonly<Record<string, readonly [program: string, ...args: string[]]>> = {
  bz2: ["bzip2", "-dc"],
  xz: ["xz", "-dc"],
  lzma: ["xz", "-dc"],
  zst: ["zstd", "-dcq"],
  Z: ["gzip", "-dc"],
};
export const compressions = ["gz", ...Object.keys(programs)];

const chunkSize = 1 << 18;
/** Pieces that are read before anything else has its turn: to show how far it is. */
const atOnce = 16;

/** All of a log file as it was when it was opened, in pieces. One that is damaged ends with a Problem where it breaks off. */
export async function* contentOf(log: OpenLog, onRead: (bytes: number) => void = () => {}): AsyncGenerator<Buffer> {
  const ending = log.path.slice(log.path.lastIndexOf(".") + 1);
  try {
    if (ending === "gz") yield* gunzipped(log, onRead);
    else if (Object.hasOwn(programs, ending)) yield* undone(log, programs[ending] as readonly [string, ...string[]]);
    else yield* piecesOf(log.handle, 0, log.stats.size, onRead);
  } catch (error) {
    if (error instanceof Problem) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Problem(
      `${log.path} cannot be read to its end (${code ?? message}).`,
      "What was read of it until there is counted.",
    );
  }
}

/** The buffer is filled anew for each piece. Read at one go: to wait for another thread each time takes longer than to read. */
export async function* piecesOf(
  handle: FileHandle,
  from: number,
  to: number,
  onRead: (bytes: number) => void = () => {},
): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(chunkSize, Math.max(1, to - from)));
  let pieces = 0;
  for (let at = from; at < to; ) {
    const length = readSync(handle.fd, buffer, 0, Math.min(buffer.length, to - at), at);
    if (length === 0) return;
    at += length;
    onRead(length);
    yield buffer.subarray(0, length);
    pieces += 1;
    if (pieces % atOnce === 0) await others();
  }
}

async function* gunzipped({ handle, stats }: OpenLog, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  const unpacked = createGunzip({ chunkSize });
  const packed = handle.createReadStream({ start: 0, end: Math.max(0, stats.size - 1), autoClose: false });
  packed.on("data", (data) => onRead(data.length));
  packed.on("error", (error) => unpacked.destroy(error));
  packed.pipe(unpacked);
  yield* unpacked as AsyncIterable<Buffer>;
}

async function* undone({ handle, path }: OpenLog, [program, ...args]: readonly [string, ...string[]]) {
  // With a place in the file of its own: it may be read more than once.
  const input = await open(`/proc/self/fd/${handle.fd}`, "r");
  const child = spawn(program, args, { stdio: [input.fd, "pipe", "ignore"], env: { PATH: process.env.PATH } });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    throw new Problem(
      `${path} needs the program ${program}, which cannot be run (${error.code}).`,
      `Install ${program}, then run this again.`,
    );
  });
  // It is waited for below, or not at all where the reader stops early.
  ended.catch(() => {});
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    const code = await ended;
    if (code !== 0) throw new Error(`${program} ended with ${code}`);
  } finally {
    child.kill();
    await input.close();
  }
}
