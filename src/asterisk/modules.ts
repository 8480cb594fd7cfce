import { entriesOf, placeOf, type TreeLine } from "./config-tree.ts";
import { technologies } from "./technologies.ts";

/** Reads extensions.conf, of which a part is ours. */
export const pbxConfig = "pbx_config.so";

/**
 * The applications and functions that the dialplan calls, by the module that provides them, and the modules that play
 * its prompts. Everything else is in Asterisk's core.
 */
const dialplanModules: Readonly<Record<string, readonly string[]>> = {
  "app_blind_transfer.so": ["BlindTransfer"],
  "app_celgenuserevent.so": ["CELGenUserEvent"],
  "app_dial.so": ["Dial"],
  "app_playback.so": ["Playback"],
  "app_playtones.so": ["Playtones", "StopPlaytones"],
  "app_read.so": ["Read"],
  "app_stack.so": ["Gosub", "LOCAL", "Return"],
  "app_verbose.so": ["Log", "Verbose"],
  "codec_gsm.so": [],
  "format_gsm.so": [],
  "func_callerid.so": ["CALLERID", "CONNECTEDLINE", "REDIRECTING"],
  "func_channel.so": ["CHANNEL"],
  "func_config.so": ["AST_CONFIG"],
  "func_devstate.so": ["DEVICE_STATE"],
  "func_dialplan.so": ["DIALPLAN_EXISTS"],
  "func_global.so": ["GLOBAL", "SHARED"],
  "func_groupcount.so": ["GROUP", "GROUP_COUNT", "GROUP_MATCH_COUNT"],
  "func_hangupcause.so": ["HANGUPCAUSE", "HANGUPCAUSE_KEYS"],
  "func_lock.so": ["LOCK", "UNLOCK"],
  "func_logic.so": ["IF", "IMPORT", "SET"],
  "func_strings.so": ["EVAL", "LEN", "POP", "REGEX", "SHIFT", "STRFTIME"],
  [pbxConfig]: [],
  "pbx_lua.so": [],
  "res_musiconhold.so": ["MusicOnHold", "StartMusicOnHold", "StopMusicOnHold"],
};

/** Calls that the dialplan makes only if the module is running. */
const optionalModules: Readonly<Record<string, readonly string[]>> = {
  "app_channelredirect.so": ["ChannelRedirect"],
  "app_originate.so": ["Originate"],
  "app_senddtmf.so": ["SendDTMF"],
  "chan_pjsip.so": ["PJSIP_DIAL_CONTACTS"],
  "chan_sip.so": ["SIPAddHeader"],
  "func_cdr.so": ["CDR_PROP"],
  "res_pjsip_header_funcs.so": ["PJSIP_HEADER"],
};

/** The module that provides an application or function of the dialplan; `undefined` for the core. */
export function moduleOf(word: string): string | undefined {
  const all = [...Object.entries(dialplanModules), ...Object.entries(optionalModules)];
  return all.find(([, words]) => words.includes(word))?.[0];
}

/**
 * The modules that the dialplan needs, including those for the channel drivers that are running; for all drivers if
 * Asterisk is not asked.
 */
export function neededModules(running: ReadonlySet<string> | undefined): string[] {
  const used = technologies.filter(({ driver }) => running?.has(driver) ?? true);
  return [...Object.keys(dialplanModules), ...used.flatMap(({ beside }) => beside)];
}

/**
 * What modules.conf says about a module: loaded, or the place of its noload line. A module that no line mentions,
 * without autoload, is "left out".
 */
export type Loading = "loaded" | "left out" | { readonly noload: string };

/** Interprets modules.conf as the loader does (main/loader.c): a noload line wins over everything else. */
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
