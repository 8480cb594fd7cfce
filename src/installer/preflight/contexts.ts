import { placeOf, type TreeLine } from "../../asterisk/config-tree.ts";
import { contexts, plainContexts } from "../../contract/names.ts";
import { type Finding, refusal } from "./finding.ts";
import type { Script } from "./inspection.ts";

const luaContexts: readonly string[] = Object.values(contexts);
const ours = [...luaContexts, ...Object.values(plainContexts)];
/** Includes the contexts for the Transfer button: see plan/button-contexts.ts. */
const isOurs = (name: string) => ours.includes(name) || /^smart-transfer-(?:directory$|button-)/.test(name);

/**
 * Refuses if another part of the dialplan, in a file or in the running Asterisk, has a context with one of our names.
 * Asterisk would merge the two or, with Lua, use only one of them.
 *
 * @param running the output of `dialplan show CONTEXT`, by context name
 */
export function contextFindings(
  dialplan: readonly TreeLine[],
  others: readonly Script[],
  running: ReadonlyMap<string, string>,
): Finding[] {
  const onFile = dialplan.flatMap((line) =>
    line.kind === "header" && isOurs(line.name) ? [taken(line.name, placeOf(line))] : [],
  );
  const elsewhere = others.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, at) => {
      const [, inAel, inLua, dotted] =
        /^\s*(?:(?:abstract|extend)\s+)*context\s+([\w-]+)|extensions\s*\[\s*["']([\w-]+)["']\s*\]\s*=|^\s*\[\s*["']([\w-]+)["']\s*\]\s*=/.exec(
          line,
        ) ?? [];
      const name = inAel ?? inLua ?? dotted;
      return name !== undefined && isOurs(name) ? [taken(name, placeOf({ file: path, line: at + 1 }))] : [];
    }),
  );
  const live = [...running].flatMap(([name, shown]) => {
    const registrar = /Context '[^']*' created by '([^']*)'/.exec(shown)?.[1];
    const own = luaContexts.includes(name) ? "pbx_lua" : "pbx_config";
    // Already reported, with its line in the file.
    const known = dialplan.some((line) => line.kind === "header" && line.name === name);
    return registrar === undefined || registrar === own || known
      ? []
      : [taken(name, `the running Asterisk, made by ${registrar}`)];
  });
  return [...onFile, ...elsewhere, ...live];
}

function taken(name: string, where: string): Finding {
  return refusal(
    `There is another context called ${name}: ${where}.`,
    "Rename or delete that one, reload the dialplan, then run this again: two contexts cannot have one name.",
  );
}
