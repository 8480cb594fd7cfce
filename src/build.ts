/**
 * `npm run build`: compiles the dialplan to Lua and bundles the command, with the Lua and the sounds inside it, into
 * dist/install.js: one file without dependencies. It is not minified: who runs it as root on a PBX may want to read it.
 */
import { appendFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import ts from "typescript";
import * as tstl from "typescript-to-lua";

const top = join(import.meta.dirname, "..");

function compileDialplan(): string {
  let lua = "";
  const { diagnostics } = tstl.transpileProject(join(top, "src/dialplan/tsconfig.json"), {}, (_, text) => {
    lua = text;
  });
  if (diagnostics.length > 0) {
    const host = {
      getCurrentDirectory: () => top,
      getCanonicalFileName: (name: string) => name,
      getNewLine: () => "\n",
    };
    throw new Error(ts.formatDiagnostics(diagnostics, host));
  }
  return lua;
}

/** By language, then by file name, as base64. */
function collectSounds(): Record<string, Record<string, string>> {
  const folder = join(top, "assets/sounds");
  const files = (language: string) => readdirSync(join(folder, language)).sort();
  const content = (language: string, file: string) => readFileSync(join(folder, language, file)).toString("base64");
  const sounds = readdirSync(folder).map((language) => [
    language,
    Object.fromEntries(files(language).map((file) => [file, content(language, file)])),
  ]);
  return Object.fromEntries(sounds);
}

/** The licences of what is bundled, and of the voices in the sounds, which all ask to be passed on. */
function licences(inputs: readonly string[]): string {
  const packages = new Set(inputs.flatMap((path) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  const texts = [...packages].sort().flatMap((folder) => {
    const file = readdirSync(join(top, folder)).find((name) => /^licen[cs]e(\.(md|txt))?$/i.test(name));
    if (file === undefined) throw new Error(`${folder} has no licence to pass on`);
    return [folder.replace("node_modules/", ""), readFileSync(join(top, folder, file), "utf8")];
  });
  const all = [...texts, readFileSync(join(top, "assets/README.md"), "utf8")].join("\n\n");
  return `\n/*\nBundled with this program:\n\n${all.replaceAll("*/", "* /")}\n*/\n`;
}

const { version } = JSON.parse(readFileSync(join(top, "package.json"), "utf8")) as { version: string };

rmSync(join(top, "dist"), { recursive: true, force: true });
const { metafile } = await esbuild.build({
  metafile: true,
  absWorkingDir: top,
  entryPoints: ["install.ts"],
  outfile: "dist/install.js",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20.12",
  legalComments: "none",
  // prompts has a build for old Nodes beside its own source; and it is CommonJS, which needs a require in an ES module.
  alias: { prompts: "prompts/lib/index.js" },
  banner: {
    js: 'import { createRequire as makeRequire } from "node:module";\nconst require = makeRequire(import.meta.url);',
  },
  define: {
    SHIPPED_VERSION: JSON.stringify(version),
    SHIPPED_DIALPLAN: JSON.stringify(compileDialplan()),
    SHIPPED_SOUNDS: JSON.stringify(collectSounds()),
  },
});

appendFileSync(join(top, "dist/install.js"), licences(Object.keys(metafile.inputs)));
