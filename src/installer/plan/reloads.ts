import { basename, dirname } from "node:path";
import { neededModules, pbxConfig } from "../../asterisk/modules.ts";
import type { Change } from "./change.ts";
import { adminFiles, type Scene } from "./scene.ts";

export type Purpose = "install" | "uninstall";

/** Who reads a file anew: precise reloads only, calls in progress do not notice. dialplan.lua is read on first use. */
interface Reader {
  readonly file: RegExp;
  readonly module: string;
  /** The file gives people the key, or the way of the Transfer button. */
  readonly begins?: true;
}
const readers: readonly Reader[] = [
  { file: /^queues(?:_.*)?\.conf$/, module: "app_queue.so" },
  { file: /^extensions(?:_.*)?\.conf$/, module: pbxConfig },
  { file: /^pjsip(?:[._].*|-.*)?\.conf$/, module: "res_pjsip.so", begins: true },
  { file: /^sip(?:_.*|-.*)?\.conf$/, module: "chan_sip.so", begins: true },
  { file: /^features(?:_.*)?\.conf$/, module: "features", begins: true },
];

/** Built into Asterisk: `module show` does not list it. */
const builtIn = "features";
export const luaModule = "pbx_lua.so";

/** What makes Asterisk read what was changed. A module that does not run reads nothing, and could not be reloaded. */
export function reloadsFor(changes: readonly Change[], scene: Scene, purpose: Purpose): string[] {
  const changed = changes.filter((change) => isConfiguration(change, scene));
  const names = changed.map(({ path }) => basename(path));
  const runs = (module: string) => module === builtIn || (scene.modules?.has(module) ?? true);
  const concerned = readers.filter(({ file, module }) => runs(module) && names.some((name) => file.test(name)));
  const commands = [
    ...(purpose === "install"
      ? neededModules(scene.modules).filter((module) => module !== luaModule && !runs(module))
      : []
    ).map((module) => `module load ${module}`),
    ...luaCommands(
      changed.find(({ path }) => basename(path) === adminFiles.lua),
      runs(luaModule),
      purpose,
    ),
    ...concerned.map(({ module }) => `module reload ${module}`),
  ];
  // Taken out from the key on, and what can still begin a transfer first.
  return purpose === "install" ? commands : commands.reverse();
}

/** How a command is taken back once the files are as before. */
export function reverseOf(command: string): string {
  return command.replace(/^module (load|unload) /, (_, verb) => `module ${verb === "load" ? "unload" : "load"} `);
}

/** Whoever has no such file any more begins no transfer. */
export function letsBegin(change: Change, scene: Scene): boolean {
  const name = basename(change.path);
  return isConfiguration(change, scene) && readers.some(({ file, begins }) => begins && file.test(name));
}

function isConfiguration({ kind, path }: Change, { directories, paths }: Scene): boolean {
  const folder = dirname(path);
  return (kind === "write" || kind === "delete") && (folder === directories.etc || folder === paths.own);
}

/** Without an extensions.lua pbx_lua declines to load (pbx/pbx_lua.c, load_or_reload_lua_stuff). */
function luaCommands(change: Change | undefined, runs: boolean, purpose: Purpose): string[] {
  if (!runs) return purpose === "install" ? [`module load ${luaModule}`] : [];
  if (change === undefined) return [];
  return [change.kind === "delete" ? `module unload ${luaModule}` : `module reload ${luaModule}`];
}
