import { join } from "node:path";
import { parseCommandLine } from "../cli/options.ts";
import { silentWork } from "../cli/progress.ts";
import type { Terminal } from "../cli/terminal.ts";
import { Story } from "../demo/story.ts";
import { differences, tree } from "../demo/tree.ts";
import { exitCode, Problem } from "../errors.ts";
import { type Office, startOffice } from "../sandbox/office.ts";
import { unpackAsterisk } from "../sandbox/packages.ts";
import { nameOf } from "../sandbox/pbx.ts";
import type { Command, Context } from "./command.ts";
import { install } from "./install.ts";
import { uninstall } from "./uninstall.ts";

const extensions = ["101", "102", "103"];
const customer = "900";
const ringTimeout = 3;

/** A private Asterisk, a real install, a real transfer and a recall between SIP phones, an uninstall; nothing stays. */
export const demo: Command = async (context) => {
  const { terminal } = context;
  const story = new Story((line) => terminal.result(line), terminal.paint);
  const release = await unpackAsterisk({ onStep: (step) => story.tell(step) });
  const office = await startOffice({ release, endpoints: extensions, outsiders: [customer] });
  try {
    story.tell(
      `Asterisk ${release.version} runs as an ordinary program, with phones ${[...extensions, customer].join(", ")} registered at it`,
    );
    const look = () => tree(office.pbx.etcDir, join(office.pbx.dataDir, "sounds"), join(office.pbx.folder, "lib"));
    const before = await look();
    await runCommand(
      install,
      [
        "install",
        "--yes",
        "--extensions",
        extensions.join(","),
        "--set",
        `ring_timeout=${ringTimeout}`,
        "--no-rehearsal",
      ],
      office,
      context,
    );
    story.tell("Installed, as on any PBX: `asterisk-smart-transfer install --yes --extensions 101-103`");
    await transferThenRecall(office, story);
    await runCommand(uninstall, ["uninstall", "--yes"], office, context);
    const changed = differences(before, await look());
    if (changed.length > 0)
      throw new Problem(`The uninstall left ${changed.join(", ")} changed.`, "Please report this.");
    story.tell(`Uninstalled: all ${before.size} files of its configuration and sounds are as they were, to the byte`);
  } finally {
    await office.stop();
  }
  story.tell("Both Asterisks are stopped and their folders removed");
  terminal.result(`\nOn your own PBX: ${terminal.paint("bold", "npx asterisk-smart-transfer")}`);
  return exitCode.done;
};

async function transferThenRecall({ phone, pbx }: Office, story: Story): Promise<void> {
  const [anna, boris, clara] = extensions.map(nameOf);
  const call = await phone(customer).call("101");
  const first = await phone("101").rings();
  await first.answer();
  await call.answered();
  story.tell(`A customer calls 101; ${anna} answers, and they talk`);

  await first.keys("#");
  await first.hears();
  story.tell(`${anna} presses # and hears "dial"; the customer hears music`);
  await call.hears();
  await first.keys("102");
  const second = await phone("102").rings();
  await first.ended();
  story.tell(
    `${anna} keys 102: ${boris}'s phone rings ${story.between(first.at("presses 2"), second.at("called"))} after the last digit, and ${anna} is free`,
  );
  await second.answer();
  await second.speak();
  await call.hears();
  await call.speak();
  await second.hears();
  story.tell(`${boris} answers: he and the customer hear each other`);

  await second.keys("#103");
  const third = await phone("103").rings();
  story.tell(`${boris} passes the customer on to 103: ${clara}'s phone rings, and nobody is there`);
  await third.ended((ringTimeout + 5) * 1000);
  const recall = await phone("102").rings((ringTimeout + 10) * 1000);
  story.tell(
    `After ${ringTimeout} s the call comes back: ${boris}'s phone shows "${recall.caller.name}" <${recall.caller.number}>`,
  );
  await recall.answer();
  await recall.speak();
  await call.hears();
  story.tell(`${boris} has the customer again. No caller is lost`);
  await recall.hangup();
  await call.ended();
  const left = await pbx.cli("core show channels concise");
  if (left.trim() !== "") throw new Problem(`Channels are left on the PBX: ${left}`, "Please report this.");
}

/** Runs a command of this program in this very process, silently unless it fails. */
async function runCommand(
  command: Command,
  args: string[],
  { pbx }: Office,
  { shipped, terminal }: Context,
): Promise<void> {
  const said: string[] = [];
  const listen = (text: string) => void said.push(text);
  const quiet: Terminal = {
    result: listen,
    tell: listen,
    detail: () => {},
    paint: (_, text) => text,
    interactive: false,
    work: () => silentWork,
    look: terminal.look,
    columns: terminal.columns,
  };
  const { options } = parseCommandLine([...args, "--asterisk", pbx.command, "--asterisk-conf", pbx.confFile]);
  const code = await command({ options, terminal: quiet, shipped });
  if (code !== exitCode.done)
    throw new Problem(`${args[0]} ended with code ${code}:\n${said.join("\n")}`, "Please report this.");
}
