/**
 * `npm run record-demo`: plays the demo on a live Asterisk with SIP phones and writes the events with their times to
 * assets/demo.json. `demo` replays that file where it cannot run itself.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { callers, extensions, parties, play, ringTimeout } from "../sandbox/demo/scenes.ts";
import { Recorder, type Recording } from "../sandbox/demo/story.ts";
import { startOffice } from "../sandbox/office.ts";
import { unpackAsterisk } from "../sandbox/packages.ts";

const top = join(import.meta.dirname, "../..");

const release = await unpackAsterisk();
const office = await startOffice({ release, endpoints: extensions, outsiders: callers });
const recorder = new Recorder();
try {
  const settings = ["--extensions", extensions.join(","), "--set", `ring_timeout=${ringTimeout}`, "--no-rehearsal"];
  await execa("node", [join(top, "dist/install.js"), "install", "--yes", ...settings, ...office.pbx.reach]);
  await play(office, recorder);
} finally {
  await office.stop();
}
const recording: Recording = { asterisk: release.version, parties, scenes: recorder.scenes };
await writeFile(join(top, "assets/demo.json"), `${JSON.stringify(recording, null, 1)}\n`);
