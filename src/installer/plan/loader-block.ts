import { contexts } from "../../contract/names.ts";

/**
 * The extensions that a Lua context may have: `s`; numbers; or anything, because a recall may go to `PJSIP/901`. In those
 * with `h` somebody may hang up. A subroutine has none: Asterisk leaves it first. pbx_lua reads these tables and keeps
 * what it makes of them elsewhere (lua_sort_extensions), so contexts share them.
 */
const shapes = {
  s: "{ s = run }",
  number: '{ ["_X!"] = run }',
  caller: '{ ["_X!"] = run, h = run }',
  any: '{ ["_."] = run, h = run }',
} as const;

const shapeOf: Readonly<Record<keyof typeof contexts, keyof typeof shapes>> = {
  key: "s",
  keyed: "s",
  button: "caller",
  receiver: "caller",
  line: "any",
  mobile: "number",
  accept: "s",
  recall: "any",
  takeback: "any",
  alert: "s",
  end: "s",
  rehearsal: "number",
  atHome: "any",
};

/** The Lua contexts. That of the peers exists only where there are [nodes]. */
export function loadedContexts(hasNodes = false): string[] {
  return loadedNames(hasNodes).map((name) => contexts[name]);
}

function loadedNames(hasNodes: boolean): (keyof typeof contexts)[] {
  const names = Object.keys(shapeOf) as (keyof typeof contexts)[];
  return names.filter((name) => name !== "atHome" || hasNodes);
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
    ...Object.entries(shapes).map(([name, shape]) => `  local ${name} = ${shape}`),
    ...loadedNames(hasNodes).map((name) => `  extensions["${contexts[name]}"] = ${shapeOf[name]}`),
    "end",
  ];
}

function luaString(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
