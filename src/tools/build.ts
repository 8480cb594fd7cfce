/**
 * `npm run build`: compiles the dialplan to Lua, and bundles the command with the Lua and the sounds into
 * dist/install.js, one file without dependencies. Not minified, because an admin who runs it as root may want to read
 * it.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import ts from "typescript";
import * as tstl from "typescript-to-lua";
import { packSounds, type Sounds } from "../installer/packed-sounds.ts";
import { licenceComment } from "./bundle/licences.ts";
import { readableBy, refusalBefore } from "./bundle/oldest.ts";
import { shippedVocabulary } from "./bundle/shipped-vocabulary.ts";

const top = join(import.meta.dirname, "../..");

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
  const text = lua.replace(/^(?: {4})+/gm, (spaces) => "\t".repeat(spaces.length / 4));
  // esbuild writes it line by line, as a template, only if that needs fewer escapes than one long line of code.
  return text.replace(/^\s*--.*/gm, (comment) => comment.replaceAll("`", "'"));
}

function collectSounds(): Sounds {
  const folder = join(top, "assets/sounds");
  const files = (language: string) => readdirSync(join(folder, language)).sort();
  const content = (language: string, file: string) => readFileSync(join(folder, language, file));
  const sounds = readdirSync(folder).map((language) => [
    language,
    Object.fromEntries(files(language).map((file) => [file, content(language, file)])),
  ]);
  return Object.fromEntries(sounds);
}

const dialplan = compileDialplan();
const manifest = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));

const { metafile, outputFiles } = await esbuild.build({
  metafile: true,
  write: false,
  absWorkingDir: top,
  entryPoints: ["install.ts"],
  outfile: "dist/install.js",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: readableBy,
  legalComments: "none",
  banner: { js: refusalBefore(manifest.engines.node.replace(">=", "")) },
  define: {
    SHIPPED_VERSION: JSON.stringify(manifest.version),
    SHIPPED_DIALPLAN: JSON.stringify(dialplan),
    SHIPPED_VOCABULARY: JSON.stringify(JSON.stringify(shippedVocabulary(dialplan))),
    SHIPPED_DEMO: JSON.stringify(
      JSON.stringify({ one: recorded("demo.json"), nodes: recorded("demo-nodes.json") }, null, 1),
    ),
    SHIPPED_SOUNDS: JSON.stringify(packSounds(collectSounds())),
  },
});

const voices = readFileSync(join(top, "assets/README.md"), "utf8");
const code = outputFiles.map(({ text }) => text).join("");
mkdirSync(join(top, "dist"), { recursive: true });
// The package.json above declares ES modules, but the bundle is CommonJS.
replace("package.json", '{ "type": "commonjs" }\n');
replace("install.js", code + licenceComment(top, bundled(metafile), voices), 0o755);

/** Writes a file of dist/ at once: a command that starts during a build finds the former one. */
function replace(name: string, text: string, mode = 0o644): void {
  const file = join(top, "dist", name);
  writeFileSync(`${file}.new`, text, { mode });
  renameSync(`${file}.new`, file);
}

/** A recorded run of the demo. */
function recorded(name: string): unknown {
  return JSON.parse(readFileSync(join(top, "assets", name), "utf8"));
}

/** The files that contribute code to the bundle. */
function bundled({ outputs }: esbuild.Metafile): string[] {
  const inputs = Object.entries(outputs["dist/install.js"]?.inputs ?? {});
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
}
