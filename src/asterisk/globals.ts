import { entriesOf, type TreeLine } from "./tree.ts";

/** The line of [globals] in extensions.conf that gives a variable its value: the last. An empty value is none. */
export function globalVariable(dialplan: readonly TreeLine[], name: string) {
  const line = entriesOf(dialplan, "globals").findLast((entry) => entry.name === name);
  return line?.value === "" ? undefined : line;
}
