import { spawn } from "node:child_process";
import { readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setImmediate as others } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import type { OpenFile } from "../../asterisk/files.ts";
import { Problem } from "../../terminal/problem.ts";

/** The programs that decompress rotated files, by file extension. */
const programs: Readonly<Record<string, readonly [program: string, ...args: string[]]>> = {
  bz2: ["bzip2", "-dc"],
  xz: ["xz", "-dc"],
  lzma: ["xz", "-dc"],
  zst: ["zstd", "-dcq"],
  Z: ["gzip", "-dc"],
};
export const compressions = ["gz", ...Object.keys(programs)];

const chunkSize = 1 << 18;
/** Pieces to read before other work, such as the progress display, may run. */
const atOnce = 16;

/** Reads a log file in pieces, up to its length when opened. Throws a Problem at the place where a damaged file ends. */
export async function* contentOf(log: OpenFile, onRead: (bytes: number) => void = () => {}): AsyncGenerator<Buffer> {
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
      "What was read before that is counted.",
    );
  }
}

/** Reuses one buffer for every piece. Reads synchronously, because waiting for a thread takes longer than the read itself. */
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

async function* gunzipped({ handle, stats }: OpenFile, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  const unpacked = createGunzip({ chunkSize });
  const packed = handle.createReadStream({ start: 0, end: Math.max(0, stats.size - 1), autoClose: false });
  packed.on("data", (data) => onRead(data.length));
  packed.on("error", (error) => unpacked.destroy(error));
  packed.pipe(unpacked);
  yield* unpacked as AsyncIterable<Buffer>;
}

async function* undone({ handle, path }: OpenFile, [program, ...args]: readonly [string, ...string[]]) {
  // A separate file position, because the file may be read more than once.
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
  // Awaited below, unless the reader stops early: then a rejection needs no handler.
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
