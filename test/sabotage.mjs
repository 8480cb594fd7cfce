/**
 * Loaded before the command (`node --import`), it strikes at one of its calls that change a file, counted from 1:
 * SABOTAGE=kill:17 kills it there, half:17 does too but lets a write write the half of it first, ENOSPC:17 has that call
 * fail, ENOSPC+:17 that one and all that follow, SIGINT:17 sends it that signal, and SABOTAGE=count tells at the end how many there are.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const [, what, on, at] = /^(\w+)(\+?):?(\d*)$/.exec(process.env.SABOTAGE ?? "") ?? [];
const target = Number(at);
let calls = 0;

/** What needs room on a disk: only this can find it full. */
const growing = new Set(["mkdir", "mkdirSync", "open", "writeFile", "writeFileSync", "rename", "renameSync"]);

/** Whether to write the half of it, and then to kill it. */
function strike(name, path) {
  calls++;
  const hit = calls === target || (on === "+" && calls > target && growing.has(name));
  if (!hit || what === "count") return false;
  if (what === "half" && name === "writeFile") return true;
  if (what === "kill" || what === "half") process.kill(process.pid, "SIGKILL");
  if (what.startsWith("SIG")) return !process.kill(process.pid, what);
  throw Object.assign(new Error(`${what}: sabotage, ${name} '${path}'`), { code: what, path: String(path) });
}

/** Changes a file when it may create or cut it; the flags are those of node:fs, or the system's. */
function isWriting(name, [, flags = "r"]) {
  const { O_WRONLY, O_RDWR, O_CREAT } = fs.constants;
  return name !== "open" || (typeof flags === "string" ? flags !== "r" : (flags & (O_WRONLY | O_RDWR | O_CREAT)) !== 0);
}

for (const name of ["mkdir", "open", "rename", "rmdir", "unlink", "rm", "chmod", "chown"]) {
  const original = fs.promises[name];
  fs.promises[name] = async (...args) => {
    if (isWriting(name, args)) strike(name, args[0]);
    return original(...args);
  };
}
for (const name of [
  "mkdirSync",
  "writeFileSync",
  "renameSync",
  "chmodSync",
  "chownSync",
  "rmSync",
  "rmdirSync",
  "unlinkSync",
]) {
  const original = fs[name];
  fs[name] = (...args) => {
    strike(name, args[0]);
    return original(...args);
  };
}

const handle = await fs.promises.open(process.execPath, "r");
const handles = Object.getPrototypeOf(handle);
await handle.close();
for (const name of ["writeFile", "chmod", "chown", "sync"]) {
  const original = handles[name];
  handles[name] = async function (...args) {
    if (strike(name, `of ${this.fd}`)) {
      await original.call(this, args[0].subarray(0, args[0].length / 2));
      process.kill(process.pid, "SIGKILL");
    }
    return original.apply(this, args);
  };
}
syncBuiltinESMExports();

if (what === "count") process.on("exit", () => process.stderr.write(`calls: ${calls}\n`));
