import { mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Home } from "./home.ts";
import type { Release } from "./release.ts";

/**
 * Links the release's prompts one by one into the home, under the language names that the packages' postinst scripts
 * use. So a test can add prompts to a language without changing the release.
 */
export async function linkPrompts(release: Release, { dataDir }: Home): Promise<void> {
  const sounds = join(release.root, "usr/share/asterisk/sounds");
  for (const name of await readdir(sounds)) {
    // Such as en_US_f_Allison. The other entries are links out of the release.
    const language = /^([a-z]{2})_[A-Z]{2}_/.exec(name)?.[1];
    if (language === undefined) continue;
    const to = join(dataDir, "sounds", language);
    await mkdir(to, { recursive: true });
    const entries = await readdir(join(sounds, name));
    await Promise.all(entries.map((entry) => symlink(join(sounds, name, entry), join(to, entry))));
  }
}
