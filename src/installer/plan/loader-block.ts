import { contexts, hangup } from "../../contract/names.ts";

/** The extension that pbx_lua registers in each Lua context: `s`, any number, or anything: a recall may go to `PJSIP/901`. */
const handlers: Readonly<Record<keyof typeof contexts, string>> = {
  key: "s",
  keyed: "s",
  button: "_X!",
  receiver: "_X!",
  line: "s",
  accept: "s",
  recall: "_.",
  alert: "s",
  end: "s",
  rehearsal: "_X!",
};

/** The contexts in which a caller may hang up. Not the subroutines, which Asterisk leaves first. */
const callers: ReadonlySet<string> = new Set([
  "button",
  "receiver",
  "line",
  "recall",
] satisfies (keyof typeof contexts)[]);

export const loadedContexts = Object.values(contexts);

/**
 * The block for the admin's extensions.lua. pbx_lua runs it for every channel, so everything else is loaded on first
 * use.
 */
export function loaderBlock(dialplanPath: string): string[] {
  const names = Object.entries(handlers) as [keyof typeof contexts, string][];
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
    ...names.map(([name, extension]) => {
      const end = callers.has(name) ? `, ["${hangup}"] = run` : "";
      return `  extensions["${contexts[name]}"] = { ["${extension}"] = run${end} }`;
    }),
    "end",
  ];
}

function luaString(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
