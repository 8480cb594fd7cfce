import { basename, dirname } from "node:path";
import type { Change } from "./plan.ts";
import { adminFiles, type Scene } from "./scene.ts";

/** Which module reads a file anew: precise reloads only, calls in progress do not notice. dialplan.lua is read on first use. */
const readers: readonly { readonly file: RegExp; readonly command: string }[] = [
  { file: /^pjsip(-.*)?\.conf$/, command: "module reload res_pjsip.so" },
  { file: /^features\.conf$/, command: "module reload features" },
];

export function reloadsFor(changes: readonly Change[], scene: Scene): string[] {
  const changed = changes.filter(
    ({ kind, path }) => (kind === "write" || kind === "delete") && isConfiguration(path, scene),
  );
  const names = changed.map(({ path }) => basename(path));
  const lua = changed.find(({ path }) => basename(path) === adminFiles.lua);
  return [
    ...(lua === undefined ? [] : [luaReload(lua, scene)]),
    ...readers.filter(({ file }) => names.some((name) => file.test(name))).map(({ command }) => command),
  ];
}

function isConfiguration(path: string, { directories, paths }: Scene): boolean {
  return dirname(path) === directories.etc || dirname(path) === paths.own;
}

/** Without an extensions.lua pbx_lua declines to load (pbx/pbx_lua.c, load_or_reload_lua_stuff). */
function luaReload(change: Change, { luaLoaded }: Scene): string {
  if (change.kind === "delete") return "module unload pbx_lua.so";
  return luaLoaded === false ? "module load pbx_lua.so" : "module reload pbx_lua.so";
}
