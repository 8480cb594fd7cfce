import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The transfers of a small office, about a hundred: how many, to whom, and their outcome. */
const kinds: readonly (readonly [often: number, to: string, ending: string])[] = [
  [24, "102", "waited line=34.0"],
  [14, "102", "answered desk=6.2"],
  [6, "102", "returned line=120.0 recall=3.4"],
  [5, "102", "abandoned line=48.5"],
  [30, "103", "answered desk=4.1"],
  [8, "103", "returned desk=20.0 recall=2.8"],
  [3, "103", "answered-mobile desk=20.0 mobile=7.5"],
  [12, "104", "answered-mobile desk=20.0 mobile=9.0"],
  [8, "104", "answered desk=9.9"],
  [2, "104", "fallback desk=20.0 recall=25.0 recall=25.0 fallback=0.0"],
];
const days = 5;

/** Writes the log of a working week into a root of its own. Every run writes the same. */
export async function writeSampleLog(root: string, monday: Date): Promise<void> {
  const [etc, log] = [join(root, "etc/asterisk"), join(root, "var/log/asterisk")];
  for (const folder of [etc, log]) await mkdir(folder, { recursive: true });
  await writeFile(join(etc, "asterisk.conf"), "[directories]\n");
  await writeFile(join(etc, "logger.conf"), "[general]\ndateformat = %F %T\n[logfiles]\nmessages => notice\n");
  const endings = kinds.flatMap(([often, to, ending]) => Array.from({ length: often }, () => ({ to, ending })));
  const lines = endings.map(({ to, ending }, at) => {
    // Spreads transfers over the days, unevenly and without repetition.
    const place = (at * 37) % endings.length;
    const day = Math.floor((place / endings.length) ** 1.2 * days);
    const time = new Date(monday.getTime() + day * 86_400_000 + (8 * 3600 + place * 331) * 1000);
    const steps = ending.replace(
      /(line|desk|mobile)=(\d+)/g,
      (_, name, seconds) => `${name}=${varied(Number(seconds), at)}`,
    );
    const from = at % 4 === 0 ? "105" : "101";
    const text = `caller=900 from=${from} to=${to} outcome=${steps}`;
    return `[${time.toISOString().slice(0, 19).replace("T", " ")}] NOTICE[1] Ext. s: smart-transfer: ${text}`;
  });
  await writeFile(join(log, "messages"), `${lines.sort().join("\n")}\n`);
}

/** Varies ring times, except those that ended by the timeout. */
function varied(seconds: number, at: number): number {
  return seconds === 20 || seconds === 120
    ? seconds
    : Math.max(1, seconds + ((at * 13) % seconds) - Math.floor(seconds / 2));
}
