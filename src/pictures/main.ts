/** `npm run pictures`: assets/wizard.svg and assets/demo.svg, from real runs of the built command. Needs util-linux's `script`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startOffice } from "../sandbox/office.ts";
import { unpackAsterisk } from "../sandbox/packages.ts";
import { type Move, recorded } from "./record.ts";
import { Screen } from "./screen.ts";
import { svgOf } from "./svg.ts";

const top = join(import.meta.dirname, "../..");
const command = [process.execPath, join(top, "dist/install.js")];
const columns = 100;
const enter = "\r";

function draw(name: string, title: string, written: string): void {
  const screen = new Screen(columns);
  screen.write(written);
  writeFileSync(join(top, "assets", `${name}.svg`), svgOf(title, columns, screen.runs()));
}

/** Where a stranger's Asterisk would be. */
function asOnAnyPbx(written: string, etcDir: string, dataDir: string, varLib: string): string {
  return written
    .replaceAll(etcDir, "/etc/asterisk")
    .replaceAll(dataDir, "/usr/share/asterisk")
    .replaceAll(varLib, "/var/lib/asterisk");
}

const questions: readonly Move[] = [
  ["Who takes part?", enter],
  ["Try a mobile", enter],
  ["Which key", enter],
  ["Prompts in which languages", enter],
  ["Which recordings?", enter],
  ["Make these changes?", enter],
];

const [shown = ""] = await recorded([...command, "demo"], columns);
draw("demo", "npx asterisk-smart-transfer demo", shown);

const endpoints = Array.from({ length: 10 }, (_, index) => String(101 + index));
const office = await startOffice({ release: await unpackAsterisk(), endpoints });
try {
  const { pbx } = office;
  const reach = ["--asterisk", pbx.command, "--asterisk-conf", pbx.confFile];
  const moments = await recorded([...command, ...reach], columns, questions);
  // At the last question: all is answered, and what will change is shown.
  const written = asOnAnyPbx(moments.at(-2) ?? "", pbx.etcDir, pbx.dataDir, join(pbx.folder, "lib"));
  draw("wizard", "npx asterisk-smart-transfer", written);
} finally {
  await office.stop();
}
