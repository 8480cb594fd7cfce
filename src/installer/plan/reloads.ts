import { basename, dirname } from "node:path";
import { neededModules, pbxConfig } from "../../asterisk/modules.ts";
import type { Change } from "./change.ts";
import { adminFiles, type Snapshot } from "./snapshot.ts";

export type Purpose = "install" | "uninstall";

/** What rereads a file. Only targeted reloads, which do not affect current calls. dialplan.lua is read on first use. */
interface Reader {
  readonly file: RegExp;
  readonly module: string;
  /** The file gives people the key or intercepts the Transfer button. */
  readonly begins?: true;
}
const readers: readonly Reader[] = [
  { file: /^logger(?:_.*)?\.conf$/, module: "logger" },
  { file: /^queues(?:_.*)?\.conf$/, module: "app_queue.so" },
  { file: /^extensions(?:_.*)?\.conf$/, module: pbxConfig },
  { file: /^pjsip(?:[._].*|-.*)?\.conf$/, module: "res_pjsip.so", begins: true },
  { file: /^sip(?:_.*|-.*)?\.conf$/, module: "chan_sip.so", begins: true },
  { file: /^features(?:_.*)?\.conf$/, module: "features", begins: true },
];

/** Built into Asterisk, so `module show` does not list them. */
const builtIn: readonly string[] = ["features", "logger"];
export const luaModule = "pbx_lua.so";

/**
 * The commands that make Asterisk read the changes. A module that is not running reads nothing, and cannot be reloaded.
 */
export function reloadsFor(changes: readonly Change[], snapshot: Snapshot, purpose: Purpose): string[] {
  const changed = changes.filter((change) => isConfiguration(change, snapshot));
  const names = changed.map(({ path }) => basename(path));
  const runs = (module: string) => builtIn.includes(module) || (snapshot.modules?.has(module) ?? true);
  const concerned = readers.filter(({ file, module }) => runs(module) && names.some((name) => file.test(name)));
  const commands = [
    ...(purpose === "install"
      ? neededModules(snapshot.modules).filter((module) => module !== luaModule && !runs(module))
      : []
    ).map((module) => `module load ${module}`),
    ...luaCommands(
      changed.find(({ path }) => basename(path) === adminFiles.lua),
      runs(luaModule),
      purpose,
    ),
    ...concerned.map(({ module }) => `module reload ${module}`),
  ];
  // An uninstall starts with what can begin a transfer.
  return purpose === "install" ? commands : commands.reverse();
}

/** The command that reverses another one after the files are restored. */
export function reverseOf(command: string): string {
  return command.replace(/^module (load|unload) /, (_, verb) => `module ${verb === "load" ? "unload" : "load"} `);
}

/** Whether removing this file keeps people from beginning a transfer. */
export function letsBegin(change: Change, snapshot: Snapshot): boolean {
  const name = basename(change.path);
  return isConfiguration(change, snapshot) && readers.some(({ file, begins }) => begins && file.test(name));
}

function isConfiguration({ kind, path }: Change, { directories, paths }: Snapshot): boolean {
  const folder = dirname(path);
  return (kind === "write" || kind === "delete") && (folder === directories.etc || folder === paths.own);
}

/** pbx_lua declines to load without an extensions.lua (pbx/pbx_lua.c, load_or_reload_lua_stuff). */
function luaCommands(change: Change | undefined, runs: boolean, purpose: Purpose): string[] {
  if (!runs) return purpose === "install" ? [`module load ${luaModule}`] : [];
  if (change === undefined) return [];
  return [change.kind === "delete" ? `module unload ${luaModule}` : `module reload ${luaModule}`];
}
