import { placeOf, type TreeLine } from "../../asterisk/config-tree.ts";
import { globalVariable } from "../../asterisk/globals.ts";
import { features } from "../../contract/names.ts";
import { few } from "../../terminal/few.ts";
import { type Finding, note, warning } from "./finding.ts";
import type { Script } from "./inspection.ts";

/**
 * Matches `Set(__DYNAMIC_FEATURES=a#b)`, `MSet(x=1,DYNAMIC_FEATURES=)` and, in AEL and Lua, `DYNAMIC_FEATURES = "a"`.
 */
const assignment = /\b_{0,2}DYNAMIC_FEATURES\b["']?\]?\s*(?:=(?!=)\s*["']?([^,;)"'\s]*)|:set\(\s*["']?([^)"']*))/;

/**
 * DYNAMIC_FEATURES names the features of a channel. If the dialplan sets it, that replaces the endpoint's value and
 * removes our key; so each such line is reported. A value in [globals] applies to channels without their own. Our
 * endpoints keep it (plan/endpoint-files.ts), and a note says so.
 */
export function dynamicFeatureFindings(dialplan: readonly TreeLine[], others: readonly Script[]): Finding[] {
  const globals = globalVariable(dialplan, "DYNAMIC_FEATURES");
  const kept = globals
    ? [
        note(
          `All channels have the features "${globals.value}" (${placeOf(globals)}): the phones of the directory keep them besides the new key.`,
        ),
      ]
    : [];
  const inDialplan = dialplan.flatMap((line) =>
    line.kind === "entry" && line.section?.name !== "globals" && replacesOurs(line.value) ? [placeOf(line)] : [],
  );
  const elsewhere = others.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, at) => {
      const code = line.replace(/(?:--|\/\/).*$/, "");
      return replacesOurs(code) ? [placeOf({ file: path, line: at + 1 })] : [];
    }),
  );
  return [...kept, ...replaced([...inDialplan, ...elsewhere])];
}

function replacesOurs(code: string): boolean {
  const [found, value = "", inLua = ""] = assignment.exec(code) ?? [];
  if (found === undefined) return false;
  return !`${value}${inLua}`.includes(features.transfer) && !/\$\{_{0,2}DYNAMIC_FEATURES\}/.test(code);
}

function replaced(places: readonly string[]): Finding[] {
  if (places.length === 0) return [];
  return [
    warning(
      `The dialplan sets DYNAMIC_FEATURES itself (${few(places, 3, "; ", "more places")}): a phone whose call passes there loses the new key for that call.`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Asterisk's own variable
      "Add to the channel's value instead: Set(DYNAMIC_FEATURES=${DYNAMIC_FEATURES}#yours).",
    ),
  ];
}
