import { lstat, open, rename, unlink } from "node:fs/promises";
import { exitCode, Problem } from "../../terminal/problem.ts";

/**
 * Puts a page in place whole. Written under a name that nobody has, and never through a link: the folder may be one in which
 * others write too.
 */
export async function writePage(file: string, text: string): Promise<void> {
  const before = await lstat(file).catch(() => undefined);
  if (before !== undefined && !before.isFile())
    throw new Problem(`--html ${file}: that is not a file.`, "Name the file to write.", exitCode.usage);
  const temporary = `${file}.${process.pid}.new`;
  try {
    const handle = await open(temporary, "wx", 0o644);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") await unlink(temporary).catch(() => {});
    throw new Problem(`--html ${file} cannot be written (${code}).`, "Name a file in a folder where you may write.");
  }
}
