import { entriesOf, type TreeLine } from "./config-tree.ts";

/**
 * The line in [globals] of extensions.conf that defines a variable: the last one counts. An empty value counts as
 * undefined.
 */
export function globalVariable(dialplan: readonly TreeLine[], name: string) {
  const line = entriesOf(dialplan, "globals").findLast((entry) => entry.name === name);
  return line?.value === "" ? undefined : line;
}
