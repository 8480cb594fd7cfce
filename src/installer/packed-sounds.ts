import { brotliCompressSync, brotliDecompressSync } from "node:zlib";

/** Sound files by language, then by file name. */
export type Sounds = Readonly<Record<string, Readonly<Record<string, Buffer>>>>;

/**
 * The length of a GSM frame. Frames in sequence do not compress. Transposed, with the first bytes of all frames, then
 * the second ones, they shrink by a tenth.
 */
const frameBytes = 33;

/** Packs all sounds into one text for `unpackSounds`: names and lengths, then the contents in base64. */
export function packSounds(sounds: Sounds): string {
  const files = Object.entries(sounds).flatMap(([language, byFile]) =>
    Object.entries(byFile).map(([file, content]) => ({ title: `${language}/${file} ${content.length}`, content })),
  );
  const all = Buffer.concat(files.map(({ content }) => content));
  const packed = brotliCompressSync(turned(all, all.length / frameBytes, frameBytes)).toString("base64");
  return [...files.map(({ title }) => title), packed].join("\n");
}

/** Unpacks the contents only on access, so that the first question does not wait for it. */
export function unpackSounds(text: string): Sounds {
  const files = text.split("\n");
  const packed = files.pop() ?? "";
  let unpacked: Buffer | undefined;
  const all = () => {
    unpacked ??= unpack(packed);
    return unpacked;
  };
  const sounds: Record<string, Record<string, Buffer>> = {};
  let from = 0;
  for (const title of files) {
    const [, language = "", file = "", length] = /^(.+?)\/(.+) (\d+)$/.exec(title) ?? [];
    const [start, end] = [from, from + Number(length)];
    sounds[language] ??= {};
    Object.defineProperty(sounds[language], file, { enumerable: true, get: () => all().subarray(start, end) });
    from = end;
  }
  return sounds;
}

function unpack(packed: string): Buffer {
  const bytes = brotliDecompressSync(Buffer.from(packed, "base64"));
  return turned(bytes, frameBytes, bytes.length / frameBytes);
}

/** Transposes rows of bytes into columns. */
function turned(bytes: Buffer, rows: number, columns: number): Buffer {
  const result = Buffer.alloc(bytes.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = bytes[row * columns + column] as number;
  return result;
}
