import { basename, dirname, join } from "node:path";
import { readLua } from "../../../asterisk/lua.ts";
import { few } from "../../../terminal/few.ts";
import { isMarked, markedFiles, neededFiles } from "../../plan/admin-files.ts";
import { dialplanFile, dialplanFileName, generatedFiles } from "../../plan/generated.ts";
import { loaderBlock } from "../../plan/loader-block.ts";
import { adminFiles } from "../../plan/snapshot.ts";
import { featuresConfFindings } from "../../preflight/features-conf.ts";
import { faultsInWords } from "../../settings/model.ts";
import { fail, pass, type Verdict } from "../../verdict.ts";
import { type Evidence, type Fact, reinstall } from "../evidence.ts";

/** This file depends on the admin's modules.conf, not on the settings. */
const modules = "modules.conf";

/** Checks the files on the disk. Whether Asterisk has loaded them is checked in running.ts. */
export const fileFacts: readonly Fact[] = [
  {
    id: "settings",
    live: false,
    withoutSettings: true,
    look: async (evidence) => {
      const { snapshot, faults } = evidence;
      const path = snapshot.paths.settings;
      const closed = evidence.unreadable.has(path) && (await closedTo(evidence, path));
      if (closed) return closed;
      if (!snapshot.files.has(path)) return fail(`${path} is missing`, reinstall);
      if (faults.length === 0) return pass(path);
      return fail(faultsInWords(path, faults), "Correct that line.");
    },
  },
  {
    id: "dialplan",
    live: false,
    withoutSettings: true,
    look: async (evidence) => {
      const { snapshot, shipped } = evidence;
      const path = join(snapshot.paths.own, dialplanFileName);
      const closed = evidence.unreadable.has(path) && (await closedTo(evidence, path));
      if (closed) return closed;
      const text = snapshot.files.get(path)?.content.toString();
      if (text === undefined) return fail(`${path} is missing`, reinstall);
      return text === dialplanFile(shipped)
        ? pass(`version ${shipped.version}, unaltered`)
        : fail(`${path} is not the one of version ${shipped.version}`, reinstall);
    },
  },
  {
    id: "generated",
    live: false,
    look: ({ snapshot, shipped, settings, unreadable }) => {
      const wanted = [...generatedFiles(settings, shipped, snapshot)].filter(
        ([name]) => name !== dialplanFileName && name !== modules && !unreadable.has(join(snapshot.paths.own, name)),
      );
      const textOf = (name: string) => snapshot.files.get(join(snapshot.paths.own, name))?.content.toString("latin1");
      const lost = wanted.filter(([name]) => textOf(name) === undefined).map(([name]) => name);
      if (lost.length > 0) return fail(`missing in ${snapshot.paths.own}: ${few(lost)}`, reinstall);
      const other = wanted.filter(([name, text]) => textOf(name) !== text).map(([name]) => name);
      if (other.length === 0) return pass(`${wanted.length} files fit the settings`);
      return fail(`install would now write other files: ${few(other)} in ${snapshot.paths.own}`, reinstall);
    },
  },
  {
    id: "readable",
    live: false,
    withoutSettings: true,
    look: async (evidence) => {
      const { paths, files } = evidence.snapshot;
      const ours = [...files.keys(), ...evidence.unreadable.keys()].filter(
        (path) => path === paths.settings || `${path}/`.startsWith(`${paths.own}/`),
      );
      for (const path of ours) {
        const closed = await closedTo(evidence, path);
        if (closed) return closed;
      }
      return pass(`Asterisk's own user can read our ${ours.length} files`);
    },
  },
  {
    id: "includes",
    live: false,
    withoutSettings: true,
    look: ({ snapshot }) => {
      const ours = [...snapshot.files.keys()].filter((path) => dirname(path) === snapshot.paths.own);
      const needed = neededFiles(ours.map((path) => basename(path))).filter((name) => name !== adminFiles.lua);
      const lost = needed.filter((name) => !isMarked(snapshot, name));
      return lost.length === 0 ? pass(needed.join(", ")) : fail(`our lines are not in ${lost.join(", ")}`, reinstall);
    },
  },
  { id: "loader", live: false, look: loader },
  {
    id: "features",
    live: false,
    withoutSettings: true,
    look: ({ inspection }) => {
      const [first] = featuresConfFindings(inspection.features, inspection.running?.options);
      if (first === undefined) return pass(`Asterisk will accept ${adminFiles.features} at its next start`);
      return fail(first.says, "Delete that line, then run `asterisk -rx 'module reload features'`.");
    },
  },
];

/** Reports a file that Asterisk's user cannot read or that the current user cannot read. */
async function closedTo({ hidden, unreadable }: Evidence, path: string): Promise<Verdict | undefined> {
  const first = await hidden(path);
  if (first !== undefined)
    return fail(`the user that Asterisk runs as may not read ${first}`, `Run \`chmod a+rX ${first}\`.`);
  const problem = unreadable.get(path);
  return problem && fail(problem.message, problem.remedy);
}

/** Asterisk reads the whole extensions.lua at its next start. A fault in any part of it disables the Lua dialplan. */
function loader({ snapshot, inspection, settings }: Evidence) {
  const file = markedFiles(snapshot).find(({ main }) => main === adminFiles.lua);
  if (file === undefined || file.text === file.unmarked)
    return fail(`our block is not in ${file?.path ?? adminFiles.lua}`, reinstall);
  const lua = readLua(file.text, inspection.lua);
  if (!("end" in lua)) {
    return fail(
      `${file.path}, line ${lua.line}: ${lua.why}; Asterisk still uses what it read before, but only until its next start`,
      "Correct that line, then run `asterisk -rx 'module reload pbx_lua.so'`.",
    );
  }
  const block = loaderBlock(join(snapshot.paths.own, dialplanFileName), settings.nodes.length > 0);
  return file.marked(block) === file.text
    ? pass(`our block is in ${basename(file.path)}`)
    : fail(`our block in ${file.path} is not the one that install writes`, reinstall);
}
