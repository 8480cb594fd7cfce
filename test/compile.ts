/** The dialplan as Lua, as the build compiles it. */
import { join } from "node:path";
import ts from "typescript";
import * as tstl from "typescript-to-lua";

export interface Compiled {
  lua: string;
  complaints: readonly ts.Diagnostic[];
}

export const top = join(import.meta.dirname, "..");
const project = "src/dialplan/tsconfig.json";

/** Of a copy of the project. */
export function compileIn(folder: string): Compiled {
  let lua = "";
  const { diagnostics } = tstl.transpileProject(join(folder, project), {}, (_, text) => {
    lua += text;
  });
  return { lua, complaints: diagnostics };
}

// Complaints are ignored: a changed text may leave an import unused, and the Lua is needed all the same.
const { fileNames, options } = tstl.parseConfigFileWithSystem(join(top, project), { noEmitOnError: false });
const disk = ts.createCompilerHost(options);
const parsed = new Map<string, ts.SourceFile | undefined>();
let last: ts.Program | undefined;

/** Compiles with other texts for some files, or with more files, by path. Unchanged files are not read again. */
export function compileWith(texts: Readonly<Record<string, string>>): Compiled {
  const replaced = new Map(Object.entries(texts).map(([path, text]) => [join(top, path), text]));
  const host: ts.CompilerHost = {
    ...disk,
    getSourceFile(path, language) {
      const text = replaced.get(path);
      if (text !== undefined) return ts.createSourceFile(path, text, language);
      if (!parsed.has(path)) parsed.set(path, disk.getSourceFile(path, language));
      return parsed.get(path);
    },
  };
  const rootNames = [...new Set([...fileNames, ...replaced.keys()])];
  const program = ts.createProgram({ rootNames, options, host, ...(last && { oldProgram: last }) });
  last = program;
  let lua = "";
  const { diagnostics } = new tstl.Transpiler().emit({
    program,
    writeFile: (_, text) => {
      lua += text;
    },
  });
  return { lua, complaints: ts.sortAndDeduplicateDiagnostics([...ts.getPreEmitDiagnostics(program), ...diagnostics]) };
}

export function sentence({ messageText }: ts.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(messageText, "\n");
}
