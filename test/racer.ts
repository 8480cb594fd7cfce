import { spawn } from "node:child_process";
import { once } from "node:events";

export const races = ["rename", "link", "folder"] as const;
export type Race = (typeof races)[number];

/**
 * What Asterisk's user tries again and again, without a pause. `names` are paths that root's runs write, make or read.
 * Writes a dot for each hit: the racer took or replaced something that a run had begun and not ended.
 */
const race = `
import fs from "node:fs";
import { basename, dirname, join } from "node:path";
const { kind, root, names } = JSON.parse(process.argv[1]);
const victims = ["/outside/shadow", "/outside/cron.d/evil", "/outside/empty", "/outside/private"];
const real = ["../../../outside/shadow", root + "/outside/shadow", root + "/outside/empty"];
const all = [...victims, ...real];
const tried = (act) => { try { return act() ?? true; } catch {} };
const some = (list) => list[Math.floor(Math.random() * list.length)];
// Ignores old files: a run that was killed or that lost has left them.
const isNew = (file) => { const { mtimeMs } = fs.lstatSync(file); return Date.now() - mtimeMs < 1000; };
const isHalfWritten = (name) => /^\\..*\\.smart-transfer$/.test(name);
const files = names.filter((name) => /\\.[a-z]+$|smart-transfer$/.test(name)).map((name) => join(root, name));
const folders = [...new Set(names.flatMap((name) => [dirname(name), dirname(dirname(name))]))]
  .filter((one) => /\\/asterisk\\/./.test(one)).map((one) => join(root, one));
// Looks for half-written files now and then: never looking, it would meet few runs half way; always looking, no run would end.
const atWork = () => folders.flatMap((folder) => (tried(() => fs.readdirSync(folder).filter(isHalfWritten)) ?? []).map((name) => join(folder, name)));
const looked = () => (Math.random() < 0.002 ? atWork() : []);
const aFile = () => some(looked()) ?? some(files);
let hits = 0;
const hit = (isOne) => { if (isOne) hits++; };
const acts = {
  // Puts one thing in the place of another and back: links, and files that root has half written.
  rename() {
    const file = aFile(), away = file + ".away", mine = file + ".mine";
    tried(() => fs.symlinkSync(some(all), mine));
    for (let times = 0; times < 20; times++) {
      hit(tried(() => fs.renameSync(file, away)) && isHalfWritten(basename(file)) && tried(() => isNew(away)) === true);
      tried(() => fs.renameSync(mine, file));
      tried(() => fs.renameSync(file, mine));
      tried(() => fs.renameSync(away, file));
    }
    tried(() => fs.unlinkSync(mine));
  },
  // Lays a link before the file is made, or replaces the file by a link while it is written.
  link() {
    const file = aFile(), mine = file + ".mine";
    for (let times = 0; times < 20; times++) {
      tried(() => fs.symlinkSync(some(all), file));
      tried(() => fs.symlinkSync(some(all), mine));
      if (isHalfWritten(basename(file))) {
        const isThere = tried(() => fs.lstatSync(file).isFile() && isNew(file)) === true;
        hit(tried(() => fs.renameSync(mine, file)) && isThere);
      }
      tried(() => times % 4 === 3 && fs.lstatSync(file).isSymbolicLink() && fs.unlinkSync(file));
    }
    tried(() => fs.unlinkSync(mine));
  },
  // Replaces a folder that is being made or filled by a link, or by another folder with links in it.
  folder() {
    const folder = some(folders), away = folder + ".away", mine = folder + ".mine";
    const inside = files.filter((file) => dirname(file) === folder).map((file) => basename(file));
    for (let times = 0; times < 20; times++) {
      if (times % 2) tried(() => fs.symlinkSync(some(["/outside/empty", "/outside/private", root + "/outside/empty"]), mine));
      else if (tried(() => fs.mkdirSync(mine))) for (let links = 0; links < 3 && inside.length > 0; links++) tried(() => fs.symlinkSync(some(all), join(mine, some(inside))));
      hit(tried(() => fs.renameSync(folder, away)) &&
        tried(() => fs.lstatSync(away).uid === 0 || fs.readdirSync(away).some((name) => isHalfWritten(name) && isNew(join(away, name)))) === true);
      tried(() => fs.renameSync(mine, folder));
      tried(() => fs.lstatSync(folder).isSymbolicLink() ? fs.unlinkSync(folder) : fs.renameSync(folder, mine));
      tried(() => fs.renameSync(away, folder));
      tried(() => fs.rmSync(mine, { recursive: true, force: true }));
    }
  },
};
for (;;) {
  acts[kind]();
  if (hits > 0) fs.writeSync(1, ".".repeat(hits));
  hits = 0;
}
`;

/** Starts a racer, counts its hits, and ends it when it is told to. */
export function racer(kind: Race, root: string, names: readonly string[], uid: number) {
  const process = spawn("node", ["--input-type=module", "-e", race, JSON.stringify({ kind, root, names })], {
    uid,
    gid: uid,
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
  });
  let hits = 0;
  process.stdout.on("data", (dots: Buffer) => {
    hits += dots.length;
  });
  const ended = once(process, "exit");
  return {
    hits: () => hits,
    async stop() {
      process.kill("SIGKILL");
      await ended;
    },
  };
}
