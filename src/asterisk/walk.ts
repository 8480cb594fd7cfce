import { closeSync, constants, existsSync, fstatSync, openSync, readlinkSync, type Stats } from "node:fs";
import { join } from "node:path";
import { Problem } from "../terminal/problem.ts";
import { guards, isPrivate, strangersLink, unlessMissing } from "./trust.ts";

/** Linux's flag that Node does not name: holds whatever has a name, be it a link or a pipe, and opens nothing. */
const O_PATH = 0o10000000;

/** Something that is held: whatever becomes of its name, this stays what it is. */
export interface Held {
  readonly fd: number;
  /** Its path on this machine, for messages only. */
  readonly path: string;
  readonly stats: Stats;
}

/** Where a path leads. */
export interface Found {
  /** The last existing folder on the way. */
  readonly folder: Held;
  /** The rest of the path after that folder: one name, unless folders are missing. */
  readonly rest: readonly string[];
  readonly entry: Held | undefined;
  /** The users whose links led here, without root and the current user. */
  readonly leaders: ReadonlySet<number>;
  /** Whether those users may see everything behind their links. */
  readonly isOpenToLeaders: boolean;
  /** Whether only root and the current user can change where this leads, and write in the last folder. */
  readonly isGuarded: boolean;
}

/** The path of a name in a held folder. The kernel looks it up there, as openat(2) does, even if the folder was moved. */
export function inFolder({ fd }: Held, name: string): string {
  return `/proc/self/fd/${fd}/${name}`;
}

/**
 * Goes from folder to folder and holds each one open, so that nobody can replace one by a link after we looked. Absolute
 * links lead into the root, not out of it. The result is held while `look` runs.
 */
export async function walk<T>(root: string, path: string, look: (found: Found) => T): Promise<Awaited<T>> {
  if (!existsSync("/proc/self/fd"))
    throw new Problem("There is no /proc here, and changing files safely needs it.", "Mount it, then run this again.");
  const way = new Way();
  try {
    way.follow(partsOf(root));
    if (!way.isBarred) way.enterRoot(partsOf(path));
    return await look(way.found());
  } finally {
    way.close();
  }
}

const partsOf = (path: string) => path.split("/").filter((part) => part !== "" && part !== ".");

class Way {
  /** Folders from `/` on. Absolute links lead to the one at `base`. */
  private readonly folders: Held[] = [hold("/", "/")];
  private base = 0;
  private rest: readonly string[] = [];
  private entry: Held | undefined;
  private readonly leaders = new Set<number>();
  private isOpenToLeaders = true;
  private isGuarded = true;
  private linksLeft = 40;

  /** Something on the way is missing or no folder. */
  get isBarred(): boolean {
    return this.rest.length > 0;
  }

  enterRoot(parts: readonly string[]): void {
    this.base = this.folders.length - 1;
    this.follow(parts);
  }

  follow(parts: readonly string[]): void {
    const ahead = [...parts];
    for (let name = ahead.shift(); name !== undefined; name = ahead.shift()) {
      if (name === "..") {
        this.backTo(Math.max(this.base, this.folders.length - 2));
        continue;
      }
      this.rest = [name, ...ahead];
      const next = lookUp(this.last, name);
      if (next === undefined) return;
      if (next.stats.isSymbolicLink()) {
        ahead.unshift(...partsOf(this.throughLink(next, name, ahead.length > 0)));
      } else {
        this.pass(next.stats);
        if (next.stats.isDirectory()) this.folders.push(next);
        else if (ahead.length === 0) this.entry = next;
        else {
          closeSync(next.fd);
          return;
        }
      }
    }
    if (this.entry === undefined) this.rest = [];
  }

  found(): Found {
    const { leaders, entry, rest, last } = this;
    const isGuarded = this.isGuarded && isPrivate(last.stats);
    const common = { leaders, isOpenToLeaders: this.isOpenToLeaders, isGuarded };
    if (this.isBarred) return { folder: last, rest, entry, ...common };
    return {
      folder: this.folders.at(-2) ?? last,
      rest: [last.path.replace(/.*\//, "") || "."],
      entry: last,
      ...common,
    };
  }

  close(): void {
    for (const { fd } of this.entry ? [...this.folders, this.entry] : this.folders) closeSync(fd);
  }

  private get last(): Held {
    return this.folders.at(-1) as Held;
  }

  private backTo(index: number): void {
    for (const { fd } of this.folders.splice(index + 1)) closeSync(fd);
  }

  private pass(next: Stats): void {
    this.isGuarded &&= guards(this.last.stats, next);
    const open = next.isDirectory() ? 0o001 : 0o004;
    for (const leader of this.leaders) this.isOpenToLeaders &&= next.uid === leader || (next.mode & open) !== 0;
  }

  private throughLink({ fd, path, stats }: Held, name: string, isMidway: boolean): string {
    closeSync(fd);
    if (this.linksLeft-- === 0)
      throw new Problem(`The symbolic links of ${path} lead in a circle.`, "Correct the links, then run this again.");
    const place = inFolder(this.last, name);
    const isGuarded = guards(this.last.stats, stats);
    const { target, leaders } = isGuarded
      ? { target: readlinkSync(place), leaders: [] }
      : strangersLink(place, path, this.last.stats, isMidway);
    this.isGuarded &&= isGuarded;
    for (const leader of leaders) this.leaders.add(leader);
    if (target.startsWith("/")) this.backTo(this.base);
    return target;
  }
}

function lookUp(folder: Held, name: string): Held | undefined {
  const path = join(folder.path, name);
  return unlessMissing(() => hold(inFolder(folder, name), path));
}

function hold(place: string, path: string): Held {
  try {
    const fd = openSync(place, O_PATH | constants.O_NOFOLLOW);
    return { fd, path, stats: fstatSync(fd) };
  } catch (error) {
    throw Object.assign(error as NodeJS.ErrnoException, { path });
  }
}
