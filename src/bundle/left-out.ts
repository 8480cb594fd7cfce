import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";

const unreachable = (name: string, how: "" | "default" = "") =>
  `export ${how} function ${name}() { throw new Error("${name} is left out of this bundle: src/bundle/left-out.ts"); }\n`;
const nothing = (name: string) => `export function ${name}() {}\n`;

/**
 * What nothing here calls of execa, and what stands for it instead: a third of their code, and everything that
 * is for Windows. Whoever calls `execaSync` all the same is told so by the build or at the first try.
 */
const leftOut: Readonly<Record<string, string>> = {
  "execa/index.js": [
    'import { createExeca } from "./lib/methods/create.js";',
    'export { parseCommandString } from "./lib/methods/command.js";',
    'export { ExecaError } from "./lib/return/final-error.js";',
    "export const execa = createExeca(() => ({}));\n",
  ].join("\n"),
  "execa/lib/methods/main-sync.js": unreachable("execaCoreSync"),
  "execa/lib/methods/template.js": `export const isTemplateString = () => false;\n${unreachable("parseTemplates")}`,
  "execa/lib/methods/node.js": "export const handleNodeOption = (...given) => given;\n",
  "execa/lib/transform/normalize.js": "export const normalizeTransforms = (items) => items;\n",
  "execa/lib/transform/generator.js": unreachable("generatorToStream"),
  "execa/lib/pipe/setup.js": unreachable("pipeToSubprocess"),
  "execa/lib/convert/add.js": nothing("addConvertedStreams"),
  "@sindresorhus/merge-streams/index.js": unreachable("mergeStreams", "default"),
  "execa/lib/ipc/methods.js": nothing("addIpcMethods"),
  "execa/lib/ipc/graceful.js": unreachable("sendAbort"),
  "execa/lib/ipc/get-each.js": unreachable("loopOnMessages"),
  "execa/lib/verbose/complete.js": nothing("logResult"),
  "execa/lib/verbose/log.js": nothing("verboseLog") + nothing("serializeVerboseMessage"),
  "npm-run-path/index.js": unreachable("npmRunPathEnv"),
  "cross-spawn/index.js":
    "module.exports = { _parse: (command, args, options) => ({ command, args: [...args], options: { ...options } }) };\n",
  "human-signals/build/src/main.js": [
    'import { constants } from "node:os";',
    "const described = ([name, number]) => [name, { name, number, description: `signal $" + "{number}` }];",
    "export const signalsByName = Object.fromEntries(Object.entries(constants.signals).map(described));\n",
  ].join("\n"),
};

/** Is this file of a package left out, so that nothing of its authors' is bundled? */
export function isLeftOut(path: string): boolean {
  return nameIn(path) in leftOut;
}

/** Puts the table above into the bundle. A row that fits no file of these packages is an error: they have changed. */
export function leavingOut(): Plugin {
  return {
    name: "left-out",
    setup(build) {
      const unseen = new Set(Object.keys(leftOut));
      build.onLoad({ filter: /\/node_modules\// }, ({ path }) => {
        const file = nameIn(path);
        unseen.delete(file);
        return { contents: leftOut[file] ?? readFileSync(path), loader: "default" };
      });
      build.onEnd(() => ({
        errors: [...unseen].map((file) => ({ text: `src/bundle/left-out.ts: ${file} is not in the bundle` })),
      }));
    },
  };
}

function nameIn(path: string): string {
  return path.replace(/^.*node_modules\//, "");
}
