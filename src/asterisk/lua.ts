import { type Chunk, parse, type Statement } from "luaparse";

/** A Lua version; "LuaJIT" if Asterisk is built with it. */
export type LuaVersion = "5.1" | "5.2" | "5.3" | "LuaJIT";

const versions: readonly LuaVersion[] = ["5.1", "5.2", "5.3", "LuaJIT"];

/** Where and whether a statement can be added to an extensions.lua. */
export type LuaText =
  /** The position for a final statement: the end of the text, or before a final `return`. */
  | { readonly end: number }
  /** The text does not parse, so Asterisk does not load it (pbx/pbx_lua.c). */
  | { readonly line: number; readonly why: string };

/**
 * Parses a Lua text.
 *
 * @param version the version of pbx_lua.so, if known
 */
export function readLua(text: string, version?: LuaVersion): LuaText {
  if (/^(?:\u00ef\u00bb\u00bf|\ufeff)/.test(text)) return { line: 1, why: "it begins with a byte order mark" };
  if (text.startsWith("#")) return { line: 1, why: "it begins with #" };
  const tries = (version ? [version] : versions).map((one) => tryIn(text, one));
  return tries.find((one) => "end" in one) ?? (tries[0] as LuaText);
}

function tryIn(text: string, luaVersion: LuaVersion): LuaText {
  try {
    // Lua 5.4 attributes, which the parser does not know.
    const plain = text.replace(/<\s*(?:const|close)\s*>/g, (found) => found.replace(/[^\n]/g, " "));
    return endOf(parse(plain, { luaVersion, comments: false, ranges: true }), text);
  } catch (error) {
    const { line = 1, message = "" } = error as { line?: number; message?: string };
    const [, begin] = /\(starting at line (\d+)\)/.exec(message) ?? [];
    return { line: Number(begin ?? line), why: message.replace(/^\[\d+:\d+\] /, "") };
  }
}

/**
 * The position of a final `return`. It must begin its line, or we could not tell what else on the line belongs to it.
 */
function endOf({ body }: Chunk, text: string): LuaText {
  const ends = body.find(isReturn) as (Statement & { range?: [number, number] }) | undefined;
  const at = ends?.range?.[0];
  if (at === undefined) return { end: text.length };
  const begin = text.lastIndexOf("\n", at - 1) + 1;
  if (text.slice(begin, at).trim() === "") return { end: begin };
  return {
    line: text.slice(0, at).split("\n").length,
    why: "the `return` that ends the file has other code before it in its line",
  };
}

/**
 * Whether a statement returns. Lua allows `return` only at the end of a block, so people write `do return end` for
 * tests.
 */
function isReturn(statement: Statement): boolean {
  if (statement.type === "ReturnStatement") return true;
  return statement.type === "DoStatement" && statement.body.some(isReturn);
}

/** The Lua version of a pbx_lua.so, by the name of its library: liblua5.1.so.0, liblua.so.5.4, libluajit-5.1. */
export function luaVersionOf(module: Buffer): LuaVersion | undefined {
  const text = module.toString("latin1");
  if (/libluajit-/.test(text)) return "LuaJIT";
  const [, dashed, dotted] = /liblua(?:-?(5\.\d)[.-]|\.so\.(5\.\d))/.exec(text) ?? [];
  const version = dashed ?? dotted;
  if (version === "5.4") return "5.3";
  return versions.find((one) => one === version);
}
