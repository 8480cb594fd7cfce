import { spawn } from "node:child_process";
import { once } from "node:events";

/** What Asterisk's user tries again and again, as fast as it goes. `names` are paths that root's runs write, make or read. */
const race = `
import fs from "node:fs";
import { basename, dirname, join } from "node:path";
const { kind, root, names } = JSON.parse(process.argv[1]);
const victims = ["/outside/shadow", "/outside/cron.d/evil", "/outside/empty", "/outside/private"];
const real = ["../../../outside/shadow", root + "/outside/shadow", root + "/outside/empty"];
const all = [...victims, ...real];
const tried = (act) => { try { act(); } catch {} };
const some = (list) => list[Math.floor(Math.random() * list.length)];
const files = names.filter((name) => /\\.[a-z]+$|smart-transfer$/.test(name)).map((name) => join(root, name));
const folders = [...new Set(names.map((name) => join(root, dirname(name))))].filter((one) => /smart[-_]transfer/.test(one));
const acts = {
  // One thing in the place of another and back again: links, folders, pipes, files of one's own.
  rename() {
    const file = some(files), away = file + ".away", mine = file + ".mine";
    tried(() => fs.symlinkSync(some(all), mine));
    for (let times = 0; times < 20; times++) {
      tried(() => fs.renameSync(file, away));
      tried(() => fs.renameSync(mine, file));
      tried(() => fs.renameSync(file, mine));
      tried(() => fs.renameSync(away, file));
    }
    tried(() => fs.unlinkSync(mine));
  },
  // A link before the file is made, or in its place while it is written.
  link() {
    const file = some(files), mine = file + ".mine";
    for (let times = 0; times < 20; times++) {
      tried(() => fs.symlinkSync(some(all), file));
      tried(() => fs.symlinkSync(some(all), mine));
      if (/^\\./.test(basename(file))) tried(() => fs.renameSync(mine, file));
      tried(() => times % 4 === 3 && fs.lstatSync(file).isSymbolicLink() && fs.unlinkSync(file));
    }
    tried(() => fs.unlinkSync(mine));
  },
  // A folder that is only just being made or filled, and a link or another folder in its place.
  folder() {
    const folder = some(folders), away = folder + ".away", mine = folder + ".mine";
    for (let times = 0; times < 20; times++) {
      tried(() => fs.symlinkSync(some(["/outside/empty", "/outside/private", root + "/outside/empty"]), mine));
      tried(() => fs.renameSync(folder, away));
      tried(() => fs.renameSync(mine, folder));
      tried(() => fs.unlinkSync(folder));
      tried(() => fs.renameSync(away, folder));
      tried(() => fs.mkdirSync(mine));
      tried(() => fs.rmdirSync(mine));
    }
  },
};
process.stdout.write("racing");
for (;;) acts[kind]();
`;

/** Starts a racer; ends it when it is told to. */
export function racer(kind: "rename" | "link" | "folder", root: string, names: readonly string[], uid: number) {
  const process = spawn("node", ["--input-type=module", "-e", race, JSON.stringify({ kind, root, names })], {
    uid,
    gid: uid,
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(process, "exit");
  return async () => {
    process.kill("SIGKILL");
    await ended;
  };
}
