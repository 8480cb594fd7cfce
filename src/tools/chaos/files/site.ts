import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  lchownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { stateHome } from "../../../asterisk/files.ts";
import { unpackAsterisk } from "../../../sandbox/packages.ts";
import { type Pbx, startPbx } from "../../../sandbox/pbx.ts";
import { type Ground, mains, people, readers } from "./step.ts";
import { own, type Tree, treeOf } from "./tree.ts";

const usualCommand = join(import.meta.dirname, "../../../../dist/install.js");
/** Debian's Asterisk has a user of its own; this one owns its files here. */
const nobody = 65534;
const isRoot = process.getuid?.() === 0;

export interface Ran {
  readonly code: number | null;
  readonly isKilled: boolean;
  readonly said: string;
  /** In ms. */
  readonly took: number;
}

/** What `check` says: the names of the rows that are broken, and what it saw there. */
export interface Checked {
  readonly code: number | null;
  readonly fails: readonly string[];
  readonly seen: readonly string[];
  readonly said: string;
}

export interface FileSiteOptions {
  readonly suite?: string | undefined;
  /** The built command that is judged. */
  readonly command?: string | undefined;
  /** The built command of the former version; without one there are no upgrades. */
  readonly former?: string | undefined;
}

/** One Asterisk that goes on running, while what is on its disk changes. */
export class FileSite {
  /** @param pristine a copy of the configuration as it is without us */
  private constructor(
    readonly pbx: Pbx,
    private readonly pristine: string,
    private readonly options: FileSiteOptions,
  ) {}

  static async start(options: FileSiteOptions): Promise<FileSite> {
    const { suite } = options;
    const release = await unpackAsterisk(suite === undefined ? {} : { suite });
    // Part of the name of the state folder, where some characters are written as others.
    const folder = mkdtempSync(join(tmpdir(), "files"));
    const pbx = await startPbx({ release, folder, endpoints: people });
    const pristine = mkdtempSync(join(tmpdir(), "pristine"));
    cpSync(pbx.etcDir, pristine, { recursive: true });
    return new FileSite(pbx, pristine, options);
  }

  /** The same PBX, on which another build of the command is judged. */
  with(command: string): FileSite {
    return new FileSite(this.pbx, this.pristine, { ...this.options, command });
  }

  async stop(): Promise<void> {
    rmSync(this.pristine, { recursive: true });
    await this.pbx.stop();
    for (const folder of this.stateFolders()) rmSync(folder, { recursive: true, force: true });
  }

  get hasFormer(): boolean {
    return this.options.former !== undefined;
  }

  tree(): Tree {
    return treeOf({ etc: this.pbx.etcDir, sounds: join(this.pbx.dataDir, "sounds") });
  }

  /** Where a path of a tree is. */
  at(path: string): string {
    return path.startsWith("etc/") ? join(this.pbx.etcDir, path.slice(4)) : join(this.pbx.dataDir, path);
  }

  write(path: string, content: string | undefined): void {
    if (content === undefined) rmSync(this.at(path));
    else writeFileSync(this.at(path), content, "latin1");
  }

  /** Runs the command; with a time, it is killed after so many ms. */
  run(args: readonly string[], killAfter?: number): Promise<Ran> {
    return this.start(this.options.command ?? usualCommand, args, killAfter);
  }

  runFormer(args: readonly string[]): Promise<Ran> {
    return this.start(this.options.former as string, args);
  }

  private async start(command: string, args: readonly string[], killAfter?: number): Promise<Ran> {
    const began = Date.now();
    const child = spawn("node", [command, ...args, ...this.pbx.reach], { stdio: ["ignore", "pipe", "pipe"] });
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter);
    const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.on("exit", (code, signal) => resolve([code, signal]));
    });
    const [[code, signal], ...said] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    clearTimeout(timer);
    return { code, isKilled: signal === "SIGKILL", said: said.join(""), took: Date.now() - began };
  }

  /** What `check` finds broken. */
  async check(): Promise<Checked> {
    const { code, said } = await this.run(["check", "--json", "--no-rehearsal"]);
    try {
      const { checks } = JSON.parse(said) as { checks: { id: string; status: string; seen: string }[] };
      const broken = checks.filter(({ status }) => status === "fail");
      return { code, said, fails: broken.map(({ id }) => id), seen: broken.map(({ id, seen }) => `${id}: ${seen}`) };
    } catch {
      return { code, said, fails: ["no answer"], seen: [said] };
    }
  }

  async reload(module: string): Promise<void> {
    await this.pbx.cli(`module reload ${module}`);
  }

  /** The folders beside the configuration where runs keep what they trust. */
  stateFolders(): string[] {
    const name = basename(this.pbx.folder);
    const others = existsSync(stateHome) ? readdirSync(stateHome).filter((one) => one.includes(name)) : [];
    return [join(this.pbx.folder, "lib/smart-transfer"), ...others.map((one) => join(stateHome, one))].filter(
      existsSync,
    );
  }

  /** Makes a PBX on which nobody has installed anything yet. */
  async lay({ files, isAsterisks, isTaken }: Ground): Promise<void> {
    const { etcDir, folder } = this.pbx;
    for (const name of readdirSync(etcDir)) rmSync(join(etcDir, name), { recursive: true });
    for (const path of this.stateFolders()) rmSync(path, { recursive: true });
    for (const path of this.tree().keys())
      if (/^sounds\/\w+\/smart-transfer$/.test(path)) rmSync(this.at(path), { recursive: true });
    cpSync(this.pristine, etcDir, { recursive: true });
    for (const main of mains) {
      const path = join(etcDir, main);
      const kind = files[main];
      const usual = readFileSync(path, "latin1");
      if (kind === "CRLF") writeFileSync(path, usual.replaceAll("\n", "\r\n"), "latin1");
      if (kind === "open") writeFileSync(path, usual.replace(/\n+$/, ""), "latin1");
      if (kind === "missing" || kind === "link") rmSync(path);
      if (kind === "link") {
        const target = join(folder, `linked-${main}`);
        writeFileSync(target, usual, "latin1");
        symlinkSync(target, path);
      }
    }
    if (isTaken) {
      await execa("mkdir", [this.at(own)]);
      writeFileSync(join(this.at(own), "features.conf"), "; of the sales department\n");
    }
    if (isRoot) chownAll(folder, isAsterisks ? nobody : 0);
    const isLoaded = /pbx_lua\.so/.test(await this.pbx.cli("module show like pbx_lua"));
    if (files["extensions.lua"] === "missing") {
      if (isLoaded) await this.pbx.cli("module unload pbx_lua.so");
    } else if (!isLoaded) await this.pbx.cli("module load pbx_lua.so");
    for (const main of mains) await this.reload(readers[main]);
  }
}

/** Not what links lead to: the release is shared. */
function chownAll(folder: string, uid: number): void {
  lchownSync(folder, uid, uid);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    lchownSync(join(entry.parentPath ?? entry.path, entry.name), uid, uid);
}
