import { contexts, hangup } from "../../contract/names.ts";

/** The extension that pbx_lua registers in each Lua context: `s`, a pattern for numbers, or one for anything, because a recall may go to `PJSIP/901`. */
const patterns: Readonly<Record<keyof typeof contexts, string>> = {
  key: "s",
  keyed: "s",
  button: "_X!",
  receiver: "_X!",
  line: "_.",
  mobile: "_X!",
  accept: "s",
  recall: "_.",
  alert: "s",
  end: "s",
  rehearsal: "_X!",
  peer: "_.",
};

/** The contexts in which a caller may hang up. Not the subroutines, which Asterisk leaves first. */
const callers: ReadonlySet<string> = new Set([
  "button",
  "receiver",
  "line",
  "recall",
  "peer",
] satisfies (keyof typeof contexts)[]);

/** The Lua contexts. That of the peers exists only where there are [nodes]. */
export function loadedContexts(hasNodes = false): string[] {
  return loadedNames(hasNodes).map((name) => contexts[name]);
}

function loadedNames(hasNodes: boolean): (keyof typeof contexts)[] {
  const names = Object.keys(patterns) as (keyof typeof contexts)[];
  return names.filter((name) => name !== "peer" || hasNodes);
}

/**
 * The block for the admin's extensions.lua. pbx_lua runs it for every channel, so everything else is loaded on first
 * use.
 */
export function loaderBlock(dialplanPath: string, hasNodes = false): string[] {
  return [
    "do",
    // Explicitly global, because the file may have a local of that name.
    "  local extensions = _G.extensions or {}",
    "  _G.extensions = extensions",
    "  local dialplan",
    "  local function run(...)",
    `    dialplan = dialplan or dofile(${luaString(dialplanPath)})`,
    // Asterisk's service thread drops digits while it has the channel. It releases the channel in 1 ms once it is
    // waiting, but in 10 ms if it is stopped earlier. So stop it only after the dialplan is loaded
    // (main/autoservice.c).
    "    autoservice_stop()",
    "    dialplan.run(...)",
    "  end",
    ...loadedNames(hasNodes).map((name) => {
      const end = callers.has(name) ? `, ["${hangup}"] = run` : "";
      return `  extensions["${contexts[name]}"] = { ["${patterns[name]}"] = run${end} }`;
    }),
    "end",
  ];
}

function luaString(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
