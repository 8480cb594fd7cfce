import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Site } from "./site.ts";
import type { Story } from "./story.ts";

/** What an Asterisk has taken at a moment without calls. */
export interface Belongings {
  /** What its file descriptors lead to. */
  readonly descriptors: readonly string[];
  /** In kB. */
  readonly memory: number;
  readonly database: readonly string[];
}

/** How much more memory Asterisk may have at the end, in kB: its allocator gives little back. */
const moreMemory = 40_000;
const moreForCall = 40;
/** How long channels may take to go, in ms. */
const patience = 10_000;

export async function belongings({ pbx }: Site): Promise<Belongings> {
  const [descriptors, status, database] = await Promise.all([
    descriptorsOf(pbx.pid),
    readFile(`/proc/${pbx.pid}/status`, "utf8"),
    pbx.cli("database show"),
  ]);
  return {
    descriptors,
    memory: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]),
    // Registrations come and go with the phones.
    database: database.split("\n").filter((line) => line.startsWith("/") && !line.startsWith("/registrar/")),
  };
}

/** By their kinds: a socket's number is different each time. */
async function descriptorsOf(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const paths = (await readdir(folder)).map((number) =>
    readlink(`${folder}/${number}`).catch(() => "closed meanwhile"),
  );
  return (await Promise.all(paths)).map((path) => path.replace(/:\[\d+\]$/, ""));
}

/** Of which kinds there are more descriptors than before. */
function moreDescriptors(before: Belongings, after: Belongings): string[] {
  const count = (all: readonly string[], kind: string) => all.filter((one) => one === kind).length;
  return [...new Set(after.descriptors)].flatMap((kind) => {
    const [now, then] = [count(after.descriptors, kind), count(before.descriptors, kind)];
    return now > then ? [`${now} descriptors of ${kind}, ${then} before`] : [];
  });
}

/** What is left when all calls are over, in words, and the memory before and after. */
export interface Left {
  readonly left: readonly string[];
  readonly memory: readonly [before: number, after: number];
}

export async function leftIn(site: Site, before: Belongings, calls: number): Promise<Left> {
  const left: string[] = [];
  const deadline = Date.now() + patience;
  const said = async (command: string) => (await site.pbx.cli(command)).trim();
  const until = async (isSo: () => Promise<boolean>) => {
    while (!(await isSo()) && Date.now() < deadline) await sleep(200);
  };
  const channels = () => said("core show channels concise");
  await until(async () => (await channels()) === "");
  const still = await channels();
  if (still !== "") left.push(`channels: ${still}`);
  const bridges = (await said("bridge show all")).split("\n").slice(1);
  if (bridges.length > 0) left.push(`bridges: ${bridges.join("; ")}`);
  const groups = await said("group show channels");
  if (groups.includes("smart-transfer")) left.push(`groups: ${groups}`);
  let after = await belongings(site);
  await until(async () => {
    after = await belongings(site);
    return moreDescriptors(before, after).length === 0;
  });
  left.push(...moreDescriptors(before, after));
  const keys = after.database.filter((line) => !before.database.includes(line));
  if (keys.length > 0) left.push(`AstDB keys: ${keys.join("; ")}`);
  if (after.memory > before.memory + moreMemory + calls * moreForCall) {
    left.push(`${after.memory} kB of memory, ${before.memory} before`);
  }
  const broken = await site.broken();
  if (broken.length > 0) left.push(`check finds broken: ${broken.join("; ")}`);
  return { left, memory: [before.memory, after.memory] };
}

/** What the log says of ours at WARNING or above, but for what the admin's own bad edits bring about. */
export function complaintsIn(log: string, { happenings }: Story): string[] {
  const edited = happenings.flatMap((one) => (one.does === "edits" ? [one] : []));
  const isTheirs = (line: string) =>
    edited.some(
      ({ name, value }) =>
        line.includes(`[general] ${name} is not`) || line.includes(`${name} ${value} does not exist`),
    );
  return log
    .split("\n")
    .filter((line) => /\] (WARNING|ERROR)\[/.test(line) && /smart.?transfer|pbx_lua/i.test(line))
    .filter((line) => !asterisksOwn.some((pattern) => pattern.test(line)) && !isTheirs(line));
}

const asterisksOwn: readonly RegExp[] = [
  // A phone's channel hangs up within a Gosub (app_stack.c, gosub_run).
  /Abnormal 'Gosub\(smart-transfer-[a-z]+,s,1.*\)' exit/,
  // The Transfer button, to a number that does not exist (res_pjsip_refer.c).
  /attempted blind transfer to '\d+@smart-transfer-button-\S+' but target does not exist/,
];
