import { type Chunk, type Node, parse } from "luaparse";
import type { Vocabulary } from "../../asterisk/vocabulary.ts";

/** Collects a vocabulary. */
export class Words {
  readonly #applications = new Set<string>();
  readonly #functions = new Set<string>();

  application(name: string): void {
    this.#applications.add(name);
  }

  function(name: string): void {
    this.#functions.add(name);
  }

  add({ applications, functions }: Vocabulary): void {
    for (const name of applications) this.application(name);
    for (const name of functions) this.function(name);
  }

  /** The collected words in alphabetical order, without those of another vocabulary. */
  without(other: Vocabulary = { applications: [], functions: [] }): Vocabulary {
    const rest = (names: Set<string>, others: readonly string[]) =>
      [...names].filter((name) => !others.includes(name)).sort();
    return {
      applications: rest(this.#applications, other.applications),
      functions: rest(this.#functions, other.functions),
    };
  }
}

/** The ancestors of a node in the syntax tree, nearest first. */
type Above = readonly Node[];

/**
 * The vocabulary of a compiled dialplan: `app.NAME(...)` and `channel.NAME(...)`; `channel.NAME:get()` is a variable.
 * Any other use of the two could hide a name, so it fails the build.
 *
 * @param isWanted whether to count a module of the bundle, by its name: `dialplan.stage.actors`
 */
export function luaVocabulary(lua: string, isWanted: (module: string) => boolean = () => true): Vocabulary {
  const words = new Words();
  const visit = (node: Node, above: Above): void => {
    if (node.type === "TableKey" && node.value.type === "FunctionDeclaration" && above.length === depthOfModules)
      if (!isWanted(textOf(node.key))) return;
    if (node.type === "Identifier" && isTable(node.name)) collect(node.name, node, above, words);
    for (const child of children(node)) visit(child, [node, ...above]);
  };
  visit(parse(lua, { luaVersion: "5.1", comments: false, locations: true }), []);
  return words.without();
}

/**
 * In `____modules = { ["dialplan.main"] = function ... }` the chunk, the statement and the table are above the keys.
 */
const depthOfModules = 3;

function isTable(name: string): name is "app" | "channel" {
  return name === "app" || name === "channel";
}

function collect(table: "app" | "channel", node: Node, [parent, grandparent]: Above, words: Words): void {
  const isMember = parent?.type === "MemberExpression" && parent.indexer === "." && parent.base === node;
  const isIndex = parent?.type === "IndexExpression" && parent.base === node;
  const call = grandparent?.type === "CallExpression" && grandparent.base === parent ? grandparent : undefined;
  const isVariable = grandparent?.type === "MemberExpression" && grandparent.indexer === ":";
  if (isMember && call) {
    const { name } = parent.identifier;
    if (table === "app") words.application(name);
    else words.function(name);
    // IMPORT evaluates its expression too, on the other channel.
    if (name === "IMPORT") for (const argument of call.arguments) inExpression(argument, words);
  } else if (!(table === "channel" && (isMember || isIndex) && isVariable)) {
    const line = node.loc?.start.line;
    throw new Error(`Line ${line} of the dialplan uses \`${table}\` so that the build cannot tell what it calls.`);
  }
}

function inExpression(argument: Node, words: Words): void {
  const [, name] = /^(\w+)\(/.exec(textOf(argument)) ?? [];
  if (name !== undefined) words.function(name);
}

function textOf(node: Node): string {
  return node.type === "StringLiteral" ? node.raw.slice(1, -1) : "";
}

/** The child nodes, without member names and table keys, which are not expressions. */
function children(node: Node | Chunk): Node[] {
  const names = node.type === "MemberExpression" ? ["identifier"] : node.type === "TableKeyString" ? ["key"] : [];
  return Object.entries(node)
    .filter(([name]) => !names.includes(name))
    .flatMap(([, value]) => value as unknown)
    .filter((value): value is Node => typeof value === "object" && value !== null && "type" in value);
}

/** Functions that `$[...]` expressions provide themselves (main/ast_expr2.y). */
const ofExpressions = ["FLOOR"];

/**
 * The vocabulary of our part of extensions.conf and features.conf: the application of each line, and every other name
 * before a parenthesis.
 */
export function confVocabulary(text: string): Vocabulary {
  const words = new Words();
  for (const line of text.split("\n")) {
    const [begin, application] = step.exec(line) ?? feature.exec(line) ?? [];
    if (begin === undefined || application === undefined) continue;
    words.application(application);
    for (const [, name = ""] of line.slice(begin.length).matchAll(/(\w+)\(/g))
      if (!ofExpressions.includes(name)) words.function(name);
  }
  return words.without();
}

/** Matches `exten => s,1,Set(` and ` same => n(next),Set(`. */
const step = /^(?:exten =>[^,]*,|[ \t]*same =>)[^,]*,\s*(\w+)(?:\(|$)/;
/** Matches `smart-transfer => #,self,Gosub(` in features.conf. */
const feature = /^\S+ => [^,]*,(?:self|peer),(\w+)\(/;
