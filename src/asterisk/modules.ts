import { technologies } from "./technologies.ts";
import { entriesOf, placeOf, type TreeLine } from "./tree.ts";

/** What the dialplan calls, and what its prompts are played by: the modules that have it. */
const dialplanModules = [
  "app_blind_transfer.so",
  "app_celgenuserevent.so",
  "app_dial.so",
  "app_playback.so",
  "app_queue.so",
  "app_read.so",
  "app_stack.so",
  "app_verbose.so",
  "codec_gsm.so",
  "format_gsm.so",
  "func_callerid.so",
  "func_channel.so",
  "func_config.so",
  "func_devstate.so",
  "func_dialplan.so",
  "func_global.so",
  "func_groupcount.so",
  "func_lock.so",
  "func_logic.so",
  "func_strings.so",
  "pbx_lua.so",
  "res_musiconhold.so",
] as const;

/** Reads extensions.conf. A PBX of which Lua is the whole dialplan may do without. */
export const pbxConfig = "pbx_config.so";

/** Those, and what the dialplan needs beside the channel drivers that run; beside all of them when none is asked. */
export function neededModules(running: ReadonlySet<string> | undefined): string[] {
  const used = technologies.filter(({ driver }) => running?.has(driver) ?? true);
  return [...dialplanModules, ...used.flatMap(({ beside }) => beside)];
}

/** What modules.conf says of a module: that it is loaded, or where it says that it is not; nothing says so of "left out". */
export type Loading = "loaded" | "left out" | { readonly noload: string };

/** Reads a tree of modules.conf as the loader does (main/loader.c): a noload counts whatever else is said. */
export function loadingOf(tree: readonly TreeLine[]): (module: string) => Loading {
  const entries = entriesOf(tree, "modules");
  const isYes = /^(?:yes|true|y|t|1|on)$/i.test(
    entries.find(({ name }) => name.toLowerCase() === "autoload")?.value ?? "",
  );
  return (module) => {
    const said = entries.filter(({ value }) => bare(value) === bare(module));
    const noload = said.find(({ name }) => name.toLowerCase() === "noload");
    if (noload) return { noload: placeOf(noload) };
    const isNamed = said.some(({ name }) => /^(?:pre)?load$|^(?:preload-)?require$/i.test(name));
    return isYes || isNamed ? "loaded" : "left out";
  };
}

function bare(module: string): string {
  return module.replace(/\.so$/, "").toLowerCase();
}
