import { join } from "node:path";
import { type ConfHeader, confLines } from "./conf.ts";
import type { FileSystem } from "./files.ts";
import { matchingPaths } from "./glob.ts";

/** What the admin's configuration gives a PJSIP endpoint. */
export interface OwnEndpoint {
  readonly context: string;
  /** The name in its caller ID; empty without one. */
  readonly name: string;
  /** Its set_var lines, by variable. */
  readonly variables: Readonly<Record<string, string>>;
}

/** By the endpoint's name. */
export type OwnEndpoints = ReadonlyMap<string, OwnEndpoint>;

type Assignment = readonly [name: string, value: string];

interface Category {
  readonly name: string;
  readonly template: boolean;
  readonly assignments: Assignment[];
}

/** Sections by their name in lower case: Asterisk looks for them without regard to it. */
type Categories = Map<string, Category[]>;

/** main/config.c, MAX_INCLUDE_LEVEL */
const deepestInclude = 10;

/** Reads pjsip.conf with all that it includes, but for our own files. */
export async function ownEndpoints(system: FileSystem, etc: string, ownFolder: string): Promise<OwnEndpoints> {
  const categories: Categories = new Map();
  let latest: Category | undefined;

  const load = async (pattern: string, level: number): Promise<void> => {
    // A file goes on in the section that includes it, and leaves that section open behind it (config_text_file_load).
    let current = latest;
    for (const path of await matchingPaths(system, pattern)) {
      for (const line of confLines(await textOf(path))) {
        if (line.kind === "header") {
          current = opened(line, categories);
          latest = current;
        } else if (line.kind === "entry") {
          current?.assignments.push([line.name, line.value]);
        } else if (line.kind === "directive" && /^(?:try)?include$/.test(line.name) && level < deepestInclude) {
          await load(line.argument.startsWith("/") ? line.argument : join(etc, line.argument), level + 1);
        }
      }
    }
  };
  const textOf = async (path: string) => {
    const isPassedOver = path.startsWith(`${ownFolder}/`) || (await system.list(path)) !== undefined;
    return isPassedOver ? "" : ((await system.read(path))?.content.toString("latin1") ?? "");
  };
  await load(join(etc, "pjsip.conf"), 1);

  const endpoints = [...categories.values()].flat().filter(isEndpoint);
  return new Map(endpoints.map((category) => [category.name, endpointOf(category)]));
}

/** What a header opens: a section that begins with what it takes from others, or one that is added to (process_text_line). */
function opened({ name, template, from }: ConfHeader, categories: Categories): Category | undefined {
  const addition = from.find((one) => one.startsWith("+"));
  const sameName = categories.get(name.toLowerCase()) ?? [];
  if (addition !== undefined) return sameName.find((one) => !one.template && meets(one, addition.slice(1)));
  const inherited = from.flatMap((one) => categories.get(one.toLowerCase())?.[0]?.assignments ?? []);
  const category: Category = { name, template, assignments: [...inherited] };
  categories.set(name.toLowerCase(), [...sameName, category]);
  return category;
}

/** The filter of an addition: `type=endpoint`, or several joined by &. */
function meets({ assignments }: Category, filter: string): boolean {
  const wanted = filter.split("&").filter(Boolean);
  return wanted.every((one) => assignments.some(([name, value]) => `${name}=${value}` === one));
}

function isEndpoint(category: Category): boolean {
  return !category.template && meets(category, "type=endpoint");
}

/** Values are applied in their order, so the last counts, of set_var the last for each variable (set_var_handler). */
function endpointOf({ assignments }: Category): OwnEndpoint {
  const variables: Record<string, string> = {};
  let context = "default";
  let callerName = "";
  for (const [name, value] of assignments) {
    const equals = value.indexOf("=");
    if (name === "context") context = value;
    else if (name === "callerid") callerName = nameIn(value);
    else if (name === "set_var" && equals > 0) variables[value.slice(0, equals)] = value.slice(equals + 1);
  }
  return { context, name: callerName, variables };
}

/** `"Anna Smith" <101>` or `Anna Smith <101>`; a bare number is no name (main/callerid.c, ast_callerid_parse). */
function nameIn(callerId: string): string {
  const name = /^(.*?)\s*<[^<>]*>$/.exec(callerId.trim())?.[1] ?? "";
  return name.replace(/^"(.*)"$/, "$1").trim();
}
