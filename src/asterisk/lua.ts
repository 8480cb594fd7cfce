import { type Chunk, parse, type Statement } from "luaparse";

/** A version of the language; an Asterisk built with LuaJIT has that. */
export type LuaVersion = "5.1" | "5.2" | "5.3" | "LuaJIT";

const versions: readonly LuaVersion[] = ["5.1", "5.2", "5.3", "LuaJIT"];

/** What an extensions.lua looks like to who wants to add something to it. */
export type LuaText =
  /** Where the last statement can be put so that it is run: at the end, or before a `return` that ends all. */
  | { readonly end: number }
  /** It does not parse: Asterisk does not load it (pbx/pbx_lua.c). */
  | { readonly line: number; readonly why: string };

/** Reads a Lua text; the version, where one knows it, is that of pbx_lua.so. */
export function readLua(text: string, version?: LuaVersion): LuaText {
  if (/^(?:\u00ef\u00bb\u00bf|\ufeff)/.test(text)) return { line: 1, why: "it begins with a byte order mark" };
  if (text.startsWith("#")) return { line: 1, why: "it begins with #" };
  const tries = (version ? [version] : versions).map((one) => tryIn(text, one));
  return tries.find((one) => "end" in one) ?? (tries[0] as LuaText);
}

function tryIn(text: string, luaVersion: LuaVersion): LuaText {
  try {
    // Attributes came with 5.4, which the parser does not know otherwise.
    const plain = text.replace(/<\s*(?:const|close)\s*>/g, (found) => found.replace(/[^\n]/g, " "));
    return endOf(parse(plain, { luaVersion, comments: false, ranges: true }), text);
  } catch (error) {
    const { line = 1, message = "" } = error as { line?: number; message?: string };
    const [, begin] = /\(starting at line (\d+)\)/.exec(message) ?? [];
    return { line: Number(begin ?? line), why: message.replace(/^\[\d+:\d+\] /, "") };
  }
}

/** A `return` begins its line, or there would be no telling what else on that line belongs to it. */
function endOf({ body }: Chunk, text: string): LuaText {
  const ends = body.find(isReturn) as (Statement & { range?: [number, number] }) | undefined;
  const at = ends?.range?.[0];
  if (at === undefined) return { end: text.length };
  const begin = text.lastIndexOf("\n", at - 1) + 1;
  if (text.slice(begin, at).trim() === "") return { end: begin };
  return { line: text.slice(0, at).split("\n").length, why: "a `return` that ends the file stands behind something" };
}

/** `return` must be the last statement of its block, so one wraps it in `do ... end` to try something out. */
function isReturn(statement: Statement): boolean {
  if (statement.type === "ReturnStatement") return true;
  return statement.type === "DoStatement" && statement.body.some(isReturn);
}

/** The version that a pbx_lua.so is linked with, by the name of its library: liblua5.1.so.0, liblua.so.5.4, libluajit-5.1. */
export function luaVersionOf(module: Buffer): LuaVersion | undefined {
  const text = module.toString("latin1");
  if (/libluajit-/.test(text)) return "LuaJIT";
  const [, dashed, dotted] = /liblua(?:-?(5\.\d)[.-]|\.so\.(5\.\d))/.exec(text) ?? [];
  const version = dashed ?? dotted;
  if (version === "5.4") return "5.3";
  return versions.find((one) => one === version);
}
