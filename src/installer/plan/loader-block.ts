import { contexts, hangup } from "../../contract/names.ts";

/** The extension of each context of the Lua dialplan, as pbx_lua registers it: `s`, or any number. */
const handlers: Readonly<Record<keyof typeof contexts, string>> = {
  key: "s",
  keyed: "s",
  button: "_X!",
  receiver: "_X!",
  line: "s",
  accept: "s",
  recall: "s",
  alert: "s",
  end: "s",
  rehearsal: "_X!",
};

/** Those that a caller may hang up in; not a subroutine, from which Asterisk goes back before. */
const callers: ReadonlySet<string> = new Set([
  "button",
  "receiver",
  "line",
  "recall",
] satisfies (keyof typeof contexts)[]);

export const loadedContexts = Object.values(contexts);

/** The block in the admin's extensions.lua: pbx_lua runs it for every channel, so all else is loaded on first use. */
export function loaderBlock(dialplanPath: string): string[] {
  const names = Object.entries(handlers) as [keyof typeof contexts, string][];
  return [
    "do",
    // As a global in any case: the file may have a local of that name.
    "  local extensions = _G.extensions or {}",
    "  _G.extensions = extensions",
    "  local dialplan",
    "  local function run(...)",
    `    dialplan = dialplan or dofile(${luaString(dialplanPath)})`,
    // Asterisk's service thread drops the digits that arrive while it has the channel, and lets go of it in 1 ms once it
    // has got there, but in 10 ms when it is stopped before: not sooner than the dialplan is read (main/autoservice.c).
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
