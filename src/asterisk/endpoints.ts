import type { ConfHeader } from "./conf.ts";
import { configTree } from "./config-tree.ts";
import type { FileSystem } from "./files.ts";
import { type Form, type Technology, technologies } from "./technologies.ts";

/** An endpoint as the admin's configuration defines it. */
export interface OwnEndpoint {
  readonly context: string;
  /** The name in its caller ID; empty if there is none. */
  readonly name: string;
  /** Its set_var or setvar values, by variable. */
  readonly variables: Readonly<Record<string, string>>;
  /** PJSIP itself calls any SIP address that the phone forwards to (res_pjsip_session.c, session_inv_on_redirected). */
  readonly forwardsAnywhere?: true;
  /** How to extend it, if a wizard section creates it. */
  readonly wizard?: Form;
}

/** By device: PJSIP/101, SIP/102. */
export type OwnEndpoints = ReadonlyMap<string, OwnEndpoint>;

type Assignment = readonly [name: string, value: string];

interface Category {
  readonly name: string;
  readonly template: boolean;
  readonly assignments: Assignment[];
}

/** Sections by lower-case name: Asterisk compares section names without regard to case. */
type Categories = Map<string, Category[]>;

/** Reads the endpoints in pjsip.conf, pjsip_wizard.conf and sip.conf with their includes, without our own files. */
export async function ownEndpoints(system: FileSystem, etc: string, ownFolder: string): Promise<OwnEndpoints> {
  const found = new Map<string, OwnEndpoint>();
  for (const technology of technologies) {
    const categories = await categoriesIn(system, technology.conf, etc, ownFolder);
    const context = generalContext(technology, categories);
    for (const category of [...categories.values()].flat().filter((one) => isEndpoint(technology, one)))
      found.set(`${technology.name}/${category.name}`, ownEndpoint(technology, category, context));
    const { wizard } = technology;
    if (wizard === undefined) continue;
    const wizards = await categoriesIn(system, wizard.conf, etc, ownFolder);
    for (const category of [...wizards.values()].flat().filter((one) => !one.template && meets(one, "type=wizard")))
      found.set(`${technology.name}/${category.name}`, { ...ownEndpoint(technology, made(category), context), wizard });
  }
  return found;
}

/** The endpoint that a wizard section creates, with the options that it passes on. */
function made(wizard: Category): Category {
  const handed = wizard.assignments.flatMap(([name, value]): Assignment[] =>
    name.startsWith("endpoint/") ? [[name.slice("endpoint/".length), value]] : [],
  );
  return { ...wizard, assignments: handed };
}

async function categoriesIn(system: FileSystem, conf: string, etc: string, ownFolder: string): Promise<Categories> {
  const categories: Categories = new Map();
  const open = new Map<ConfHeader | undefined, Category | undefined>();
  for (const line of await configTree(system, etc, conf, ownFolder)) {
    if (line.kind === "header") open.set(line.section, opened(line, categories));
    else if (line.kind === "entry") open.get(line.section)?.assignments.push([line.name, line.value]);
  }
  return categories;
}

/**
 * The section that a header opens: a new one that starts with what it inherits, or an existing one that is extended
 * (process_text_line).
 */
function opened({ name, template, from }: ConfHeader, categories: Categories): Category | undefined {
  const addition = from.find((one) => one.startsWith("+"));
  const sameName = categories.get(name.toLowerCase()) ?? [];
  if (addition !== undefined) return sameName.find((one) => !one.template && meets(one, addition.slice(1)));
  const inherited = from.flatMap((one) => categories.get(one.toLowerCase())?.[0]?.assignments ?? []);
  const category: Category = { name, template, assignments: [...inherited] };
  categories.set(name.toLowerCase(), [...sameName, category]);
  return category;
}

/** Whether a section matches the filter of an addition: `type=endpoint`, or several conditions joined by &. */
function meets({ assignments }: Category, filter: string): boolean {
  const wanted = filter.split("&").filter(Boolean);
  return wanted.every((one) => assignments.some(([name, value]) => `${name}=${value}` === one));
}

/** In sip.conf every section with a type is an endpoint, except for two (chan_sip.c, reload_config). */
function isEndpoint({ name: technology }: Technology, category: Category): boolean {
  if (category.template) return false;
  if (technology === "PJSIP") return meets(category, "type=endpoint");
  const hasType = category.assignments.some(([name]) => name === "type");
  return hasType && !["general", "authentication"].includes(category.name.toLowerCase());
}

/** The default context of endpoints: `default`, or for chan_sip the one in [general]. */
function generalContext({ name: technology }: Technology, categories: Categories): string {
  const general = technology === "SIP" ? categories.get("general")?.[0] : undefined;
  return general?.assignments.findLast(([name]) => name === "context")?.[1] ?? "default";
}

/** The last value of an option counts, and the last value of each variable (set_var_handler, add_var). */
function ownEndpoint({ variable }: Technology, { assignments }: Category, usual: string): OwnEndpoint {
  const variables: Record<string, string> = {};
  let context = usual;
  let callerName = "";
  let redirects = "";
  for (const [name, value] of assignments) {
    const equals = value.indexOf("=");
    if (name === "context") context = value;
    else if (name === "callerid") callerName = nameIn(value);
    else if (name === "redirect_method") redirects = value.toLowerCase();
    else if (name === variable && equals > 0) variables[value.slice(0, equals)] = value.slice(equals + 1);
  }
  return { context, name: callerName, variables, ...(redirects === "uri_pjsip" && { forwardsAnywhere: true }) };
}

/**
 * The name in `"Anna Smith" <101>` or `Anna Smith <101>`. A bare number is not a name (main/callerid.c,
 * ast_callerid_parse).
 */
function nameIn(callerId: string): string {
  const name = /^(.*?)\s*<[^<>]*>$/.exec(callerId.trim())?.[1] ?? "";
  return name.replace(/^"(.*)"$/, "$1").trim();
}
