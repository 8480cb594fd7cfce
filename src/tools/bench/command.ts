import { execa } from "execa";
import { keys, TerminalSession } from "../pictures/terminal-session.ts";
import { median } from "./figures.ts";
import { command, directoryOf, type Site } from "./site.ts";

/** The duration of each of the command's tasks at a site, in ms. */
export interface Works {
  readonly install: number[];
  readonly check: number[];
  readonly rehearsal: number[];
  readonly uninstall: number[];
}

export const install = (site: Site) =>
  site.run("install", "--yes", "--no-rehearsal", "--extensions", directoryOf(site.size).list);
export const uninstall = (site: Site) => site.run("uninstall", "--yes");

/** Installs, checks and uninstalls several times, and leaves it installed. */
export async function timeWorks(site: Site, times: number): Promise<Works> {
  const works: Works = { install: [], check: [], rehearsal: [], uninstall: [] };
  const time = async (into: number[], work: (site: Site) => Promise<string>) => {
    const began = performance.now();
    await work(site);
    into.push(performance.now() - began);
  };
  for (let turn = 0; turn < times; turn++) {
    if (turn > 0) await time(works.uninstall, uninstall);
    await time(works.install, install);
    await time(works.check, () => site.run("check", "--no-rehearsal"));
  }
  const whole: number[] = [];
  await time(whole, () => site.run("check"));
  works.rehearsal.push((whole[0] ?? Number.NaN) - median(works.check));
  return works;
}

/** Measures the start of the command and of an empty Node program alternately, in ms. */
export async function timeStart(times: number): Promise<{ bare: number[]; command: number[] }> {
  const started = { bare: [] as number[], command: [] as number[] };
  const time = async (into: number[], ...args: string[]) => {
    const began = performance.now();
    await execa("node", args);
    into.push(performance.now() - began);
  };
  for (let turn = 0; turn < times; turn++) {
    await time(started.bare, "--eval", "0");
    await time(started.command, command, "--version");
  }
  return started;
}

/** Measures the time from the start of the installer to its first question, on a pseudo-terminal, in ms. */
export async function timeFirstQuestion({ pbx }: Site, times: number): Promise<number[]> {
  const found: number[] = [];
  for (let turn = 0; turn < times; turn++) {
    const began = performance.now();
    const installer = new TerminalSession(["node", command, ...pbx.reach], { env: { NO_COLOR: "1" } });
    await installer.shows("? ");
    found.push(performance.now() - began);
    // Ends as a person would, without changing anything.
    await installer.press(keys.ctrlC);
    await installer.code();
  }
  return found;
}
