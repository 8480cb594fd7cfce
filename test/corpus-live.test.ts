import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { directoriesIn } from "../src/asterisk/directories.ts";
import { fileSystem } from "../src/asterisk/files.ts";
import { readLua } from "../src/asterisk/lua.ts";
import { markedFiles } from "../src/installer/plan/admin-files.ts";
import { generatorOf } from "../src/installer/plan/custom-files.ts";
import { generatedFiles } from "../src/installer/plan/generated.ts";
import { loaderBlock } from "../src/installer/plan/loader-block.ts";
import { readSnapshot } from "../src/installer/preflight/read-snapshot.ts";
import { inspectSettings } from "../src/installer/settings/model.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { type Pbx, startPbx } from "../src/sandbox/pbx.ts";
import { hasRealFiles, realFiles } from "./corpus.ts";
import { shipped } from "./snapshot.ts";

const { settings } = inspectSettings("[101]\ndevice = PJSIP/101\n");

/** How Asterisk is told to read a file, and the command that shows how it understood the file, line by line. */
const readers = {
  features: { file: "features.conf", module: "features", shows: "features show" },
  extensions: { file: "extensions.conf", module: "pbx_config.so", shows: "dialplan show" },
  lua: { file: "extensions.lua", module: "pbx_lua.so", shows: "dialplan show" },
  pjsip: { file: "pjsip.conf", module: "res_pjsip.so", shows: "pjsip show endpoints" },
} as const;

/** The lines shown, without ours. In a dialplan each has its context, and only those of the file count. */
function understood(shown: string): Set<string> {
  if (!shown.includes("[ Context "))
    return new Set(shown.split("\n").filter((line) => !/smart-transfer|\(none\)/.test(line)));
  const lines = shown.split(/^(?=\[ Context )/m).flatMap((block) => {
    const [, context = ""] = /^\[ Context '([^']*)'/.exec(block) ?? [];
    return block
      .split("\n")
      .flatMap((line) => (/\[(?:extensions\.conf:|pbx_)/.test(line) ? [`${context}: ${line.trim()}`] : []));
  });
  return new Set(lines.filter((line) => !line.startsWith("smart-transfer")));
}

/** The first few lines that one has and the other lacks. */
function lost(from: Set<string>, other: Set<string>): string[] {
  return [...from].filter((line) => !other.has(line)).slice(0, 3);
}

async function readAgain(pbx: Pbx, kind: keyof typeof readers): Promise<{ loaded: boolean; shown: string }> {
  const { module, shows } = readers[kind];
  const said = await pbx.cli(`module reload ${module}`);
  return { loaded: /success/.test(said), shown: await pbx.cli(shows) };
}

for (const kind of Object.keys(readers) as (keyof typeof readers)[]) {
  test(`real files as ${readers[kind].file}: Asterisk understands them with our line as without`, async () => {
    if (!hasRealFiles()) return;
    const suite = process.env.ASTERISK_SUITE;
    const release = await unpackAsterisk(suite === undefined ? {} : { suite });
    const pbx = await startPbx({ release, folder: await mkdtemp(join(tmpdir(), "p-")), endpoints: ["101"] });
    try {
      const system = fileSystem();
      const directories = await directoriesIn(pbx.confFile, "/");
      const own = join(pbx.etcDir, "smart_transfer.d");
      await mkdir(own);
      const ownFiles = generatedFiles(settings, shipped);
      for (const [name, text] of ownFiles) await writeFile(join(own, name), text);
      const path = join(pbx.etcDir, readers[kind].file);
      let loadedOnes = 0;
      for (const { name, text } of realFiles(kind)) {
        if (generatorOf(text) !== undefined || (kind === "lua" && "line" in readLua(text, "5.1"))) continue;
        await writeFile(path, text, "latin1");
        const before = await readAgain(pbx, kind);
        const snapshot = await readSnapshot(system, directories, [], undefined);
        const ours = markedFiles(snapshot, [...ownFiles.keys()]).find((file) => file.path === path);
        assert.ok(ours, name);
        await writeFile(path, ours.marked(loaderBlock(join(own, "dialplan.lua"))), "latin1");
        const after = await readAgain(pbx, kind);
        // An empty extensions.lua alone loads only with ours.
        assert.is(after.loaded, before.loaded || text === "", name);
        if (!before.loaded) continue;
        const [was, is] = [understood(before.shown), understood(after.shown)];
        assert.equal([lost(was, is), lost(is, was)], [[], []], name);
        loadedOnes++;
        if (kind !== "pjsip") assert.match(after.shown, "smart-transfer", `${name}: ours is there`);
      }
      assert.ok(loadedOnes > 5, `${loadedOnes} were loaded`);
    } finally {
      await pbx.stop();
    }
  });
}

test.run();
