/**
 * `npm run bench -- FOLDER`: measures the transfer and the command in the sandbox, compares them with Asterisk's own
 * features, and writes FOLDER/bench.md. Measures all sides alternately in one run, which takes 15 minutes on two cores.
 * BENCH_SIZES=10,1000 sets the sizes of the directories, BENCH_ROUNDS how often reactions are measured. BENCH_FORMER
 * names the dist/install.js of an older version, whose reactions are measured too.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { unpackAsterisk } from "../../sandbox/packages.ts";
import { measureAcross } from "./across.ts";
import { blockTimes } from "./block.ts";
import { install, timeFirstQuestion, timeStart, timeWorks, type Works } from "./command.ts";
import { Crowd, lost, rings, seats } from "./crowd.ts";
import { count, median, spread, table } from "./figures.ts";
import { measureLines } from "./lines.ts";
import { plainCallTables } from "./plain-call.ts";
import { compareWays, type Way } from "./reaction.ts";
import { namesKeyInTemplate, people, type Site, startSite } from "./site.ts";

const sizes = (process.env.BENCH_SIZES ?? "10,1000,10000").split(",").map(Number);
const rounds = Number(process.env.BENCH_ROUNDS ?? 20);
/** The number of simultaneous calls during sequential transfers, and the duration. */
const atATime = 100;
const sustainedSeconds = 12;
const began = Date.now();

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write("Name a folder for bench.md: npm run bench -- FOLDER\n");
  process.exit(2);
}
await mkdir(folder, { recursive: true });

const tell = (what: string) =>
  process.stderr.write(`${((Date.now() - began) / 1000).toFixed(0).padStart(4)} s  ${what}\n`);
const seconds = (times: readonly number[]) => (median(times) / 1000).toFixed(1);

tell(`Starting the offices: of 10 and 1,000 extensions without us, of ${sizes.map(count).join(", ")} with us`);
const release = await unpackAsterisk({ onStep: tell });
const sites: Site[] = [];
const former = process.env.BENCH_FORMER;
const start = async (size: number, withRecipe: boolean, bundle?: string) => {
  const site = await startSite(release, size, withRecipe, bundle);
  sites.push(site);
  return site;
};
let failed = false;
try {
  const processor = cpus()[0]?.model ?? "unknown";
  const written = [
    `Asterisk ${release.version} from Debian's packages, Node ${process.version}, ${cpus().length} processors (${processor}), Linux; PBX and phones on one machine. The middle of the measurements, and in brackets what 95 of 100 stay below.\n`,
  ];
  for (const part of await parts()) {
    // If one part fails, the others are still useful.
    const text = await part().catch((error: unknown) => {
      failed = true;
      return `Not measured: ${error instanceof Error ? error.message : error}\n`;
    });
    written.push(text);
    await writeFile(join(folder, "bench.md"), written.join("\n"));
  }
  tell(`${join(folder, "bench.md")} is written`);
} finally {
  await Promise.all(sites.map((site) => site.stop()));
}
process.exit(failed ? 1 : 0);

async function parts(): Promise<(() => Promise<string>)[]> {
  const [plain, plainLarge, ...ours] = await Promise.all([
    start(10, true),
    start(1_000, false),
    ...sizes.map((size) => start(size, false)),
  ]);
  const older = former === undefined ? [] : [await start(10, false, former)];
  const own = (size: number) => ours.find((site) => site.size === size) as Site;
  return [
    () => measureCommand(ours),
    () => measureReactions(plain, ours, older),
    () => measureLines(ours, tell),
    () => measureAcross(release, rounds, tell),
    () => measureCrowds(plain, plainLarge, own(10), own(1_000)),
  ];
}

async function measureCommand(ours: readonly Site[]): Promise<string> {
  const works = new Map<number, Works>();
  const memory = new Map<number, number>();
  for (const site of ours) {
    tell(`Install, check and uninstall, ${count(site.size)} extensions`);
    const before = await site.memory();
    works.set(site.size, await timeWorks(site, site.size > 1_000 ? 2 : 3));
    memory.set(site.size, (await site.memory()) - before);
  }
  const row = (title: string, what: keyof Works) => [
    title,
    ...sizes.map((size) => {
      const times = works.get(size)?.[what] ?? [];
      return times.length === 0 ? "-" : seconds(times);
    }),
  ];
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)] as const;
  const grown = (memory.get(largest) ?? Number.NaN) - (memory.get(smallest) ?? Number.NaN);
  const started = await timeStart(10);
  const questions = await timeFirstQuestion(ours[0] as Site, 5);
  const block = await blockTimes(release);
  return [
    "### The command\n",
    table(
      ["extensions", ...sizes.map((size) => count(size) + (namesKeyInTemplate(size) ? " (*)" : ""))],
      [
        row("install --no-rehearsal, s", "install"),
        row("check --no-rehearsal, s", "check"),
        row("the rehearsal, s", "rehearsal"),
        row("uninstall, s", "uninstall"),
        ["memory of Asterisk, MB", ...sizes.map((size) => ((memory.get(size) ?? Number.NaN) / 1024).toFixed(1))],
      ],
    ),
    sizes.some(namesKeyInTemplate)
      ? "(*) The endpoints' template has the two `set_var` lines that `install` names from 2,000 extensions on.\n"
      : "",
    `Memory that Asterisk takes for an extension more: ${(grown / (largest - smallest)).toFixed(1)} kB.\n`,
    `To start: ${spread(started.command)} ms, bare Node ${spread(started.bare)} ms; to the first question: ${spread(questions)} ms.\n`,
    `The block in extensions.lua, for each channel of who has a Lua dialplan: ${(block.with - block.without).toFixed(1)} us (the sample extensions.lua: ${block.without.toFixed(1)} us without it, ${block.with.toFixed(1)} us with it).\n`,
  ].join("\n");
}

function waysAt(plain: Site, ours: readonly Site[], older: readonly Site[]): Way[] {
  const receiver = people.receiver;
  const ask = { receiver, digits: receiver, prompt: "pbx-transfer" };
  const before: Way[] = [
    { ...ask, title: "Asterisk's blindxfer, without us", site: plain, key: "*1" },
    { ...ask, title: "Asterisk's atxfer, without us (the consultation rings)", site: plain, key: "*2" },
    { ...ask, title: "the usual recipe, from its end key on", site: plain, key: "*3", digits: `${receiver}#` },
  ];
  const with_ = (site: Site): Way[] => [
    { ...ask, title: `ours, ${count(site.size)} extensions`, site, key: "#", prompt: "smart-transfer/dial" },
    { ...ask, title: `blindxfer with us, into the directory of ${count(site.size)}`, site, key: "*1" },
  ];
  const elsewhere = ours.map((site) => ({
    ...ask,
    title: `blindxfer with us, to anybody else, ${count(site.size)} extensions`,
    site,
    key: "*1",
    digits: people.stranger,
    receiver: people.stranger,
  }));
  const formerWays = older.flatMap(with_).map((way) => ({ ...way, title: `the older version: ${way.title}` }));
  return [...before, ...formerWays, ...ours.flatMap(with_), ...elsewhere];
}

async function measureReactions(plain: Site, ours: readonly Site[], older: readonly Site[]): Promise<string> {
  await Promise.all(older.map(install));
  const ways = waysAt(plain, ours, older);
  const compared = await compareWays("ms", ways, rounds, (round) => tell(`${ways.length} ways to transfer, ${round}`));
  return `### From the last digit to the receiver's phone\n\n${compared}`;
}

async function measureCrowds(plain: Site, plainLarge: Site, small: Site, large: Site): Promise<string> {
  tell("Many calls at once");
  const theirs = await Crowd.gather(plainLarge, "*1");
  const ours = await Crowd.gather(large, "#");
  const sustained = [];
  for (const [title, site, crowd] of [
    ["blindxfer, without us", plainLarge, theirs],
    ["ours", large, ours],
    ["blindxfer, without us", plainLarge, theirs],
    ["ours", large, ours],
  ] as const) {
    tell(`Transfers one after the other, ${title}`);
    const [since, before] = [Date.now(), await site.processorTime()];
    const outcomes = await crowd.keepTransferring(atATime, sustainedSeconds);
    const rate = (outcomes.length / (Date.now() - since)) * 1000;
    const spent = ((await site.processorTime()) - before) / outcomes.length;
    sustained.push([
      title,
      String(outcomes.length),
      rate.toFixed(1),
      String(lost(outcomes)),
      spread(rings(outcomes)),
      spent.toFixed(1),
    ]);
  }
  const atOnce = [];
  for (const [title, crowd] of [
    ["blindxfer, without us", theirs],
    ["ours", ours],
  ] as const) {
    tell(`${seats} transfers in one instant, ${title}`);
    const { outcomes, stuck, talking, transferred } = await crowd.allAtOnce();
    const each = (kilobytes: number) => (kilobytes / seats).toFixed(0);
    const times = rings(outcomes);
    atOnce.push([title, String(lost(outcomes)), String(stuck), spread(times), each(talking), each(transferred)]);
  }
  return [
    `### Many at once (${count(large.size)} extensions)\n`,
    table(
      [
        `${atATime} calls at a time`,
        "transfers",
        "a second",
        "lost",
        "last digit to ring, ms",
        "processor time of the PBX each, ms",
      ],
      sustained,
    ),
    table(
      [
        `${seats} in one instant`,
        "lost",
        "stuck",
        "last digit to ring, ms",
        "memory of a call, kB",
        "after its transfer, kB",
      ],
      atOnce,
    ),
    await plainCallTables([await Crowd.gather(small, "#"), await Crowd.gather(plain, "*1")], [ours, theirs], tell),
  ].join("\n");
}
