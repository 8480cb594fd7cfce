/**
 * `npm run record-demo`: plays the demos on live Asterisks with SIP phones and writes the events with their times to
 * assets/demo.json and assets/demo-nodes.json. `demo` replays these files where it cannot run itself.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { oneOffice, partiesOf, twoNodes } from "../sandbox/demo/cast.ts";
import { startCompany } from "../sandbox/demo/company.ts";
import { play } from "../sandbox/demo/scenes.ts";
import { Recorder, type Recording } from "../sandbox/demo/story.ts";
import { unpackAsterisk } from "../sandbox/packages.ts";

const top = join(import.meta.dirname, "../..");
const release = await unpackAsterisk();

for (const [file, cast] of Object.entries({ "demo.json": oneOffice, "demo-nodes.json": twoNodes })) {
  const company = await startCompany(cast, release);
  const recorder = new Recorder();
  try {
    for (const office of company.offices) {
      const args = ["install", "--yes", ...company.installOptions(office), "--no-rehearsal", ...office.pbx.reach];
      await execa("node", [join(top, "dist/install.js"), ...args]);
    }
    await play(cast, company, recorder);
  } finally {
    await company.stop();
  }
  const recording: Recording = { asterisk: release.version, parties: partiesOf(cast), scenes: recorder.scenes };
  await writeFile(join(top, "assets", file), `${JSON.stringify(recording, null, 1)}\n`);
}
