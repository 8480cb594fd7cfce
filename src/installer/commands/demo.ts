import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Cast, oneOffice, partiesOf, twoNodes } from "../../sandbox/demo/cast.ts";
import { type Company, startCompany } from "../../sandbox/demo/company.ts";
import { Diagram } from "../../sandbox/demo/diagram.ts";
import { differences, fileStates } from "../../sandbox/demo/file-states.ts";
import { replay } from "../../sandbox/demo/replay.ts";
import { play } from "../../sandbox/demo/scenes.ts";
import type { Listener, Party } from "../../sandbox/demo/story.ts";
import type { Office } from "../../sandbox/office.ts";
import { isUnpacked, unpackAsterisk, whyNoPackages } from "../../sandbox/packages.ts";
import type { Release } from "../../sandbox/release.ts";
import { exitCode, Problem } from "../../terminal/problem.ts";
import { silentWork } from "../../terminal/progress.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { openAsker } from "../ask/open-asker.ts";
import { parseCommandLine } from "../cli/options.ts";
import { recordedDemo } from "../shipped.ts";
import type { Command, Context } from "./command.ts";
import { install } from "./install.ts";
import { uninstall } from "./uninstall.ts";

const invitation = "On your own PBX: npx asterisk-smart-transfer";

/**
 * `demo`: starts a private Asterisk, installs, makes real transfers between SIP phones, and uninstalls. Leaves nothing
 * behind. If that is impossible here, replays a recorded run.
 */
export const demo: Command = async (context) => {
  const { terminal, options } = context;
  const obstacle = await whyNoPackages();
  if (obstacle !== undefined) {
    terminal.tell(`${obstacle.message} ${obstacle.remedy}\nSo here is a recorded run.`);
    await showRecorded(context);
  } else if (terminal.interactive && !options.yes && !(await isUnpacked()) && !(await mayDownload(terminal))) {
    await showRecorded(context);
  } else {
    await show(options.nodes ? twoNodes : oneOffice, await prepared(terminal), context);
  }
  terminal.result(`\n${invitation}`);
  return exitCode.done;
};

async function mayDownload(terminal: Terminal): Promise<boolean> {
  const asker = await openAsker(terminal);
  const answer = await asker.one({
    message: "Download Asterisk (80 MB) into your cache folder for this?",
    choices: [
      { title: "Yes: real calls on this machine, nothing is installed", value: true },
      { title: "No: show a recorded run", value: false },
    ],
    initial: true,
  });
  return answer === true;
}

async function prepared(terminal: Terminal): Promise<Release> {
  const work = terminal.work();
  let last = "";
  try {
    const release = await unpackAsterisk({
      onStep(step, part) {
        if (step !== last) work.next(step);
        last = step;
        if (part !== undefined) work.at(step, part);
      },
    });
    work.end("done");
    return release;
  } catch (error) {
    work.end("failed");
    throw error;
  }
}

async function show(cast: Cast, release: Release, context: Context): Promise<void> {
  const { terminal } = context;
  const work = terminal.work();
  const parties = partiesOf(cast);
  let company: Company | undefined;
  try {
    const asterisks =
      cast.pbxs.length === 1 ? `Asterisk ${release.version}` : `two nodes of Asterisk ${release.version}`;
    work.next(`Starting ${asterisks} and ${parties.length} SIP phones`);
    company = await startCompany(cast, release);
    const { offices, installOptions } = company;
    const look = () =>
      fileStates(...offices.flatMap(({ pbx }) => [pbx.etcDir, join(pbx.dataDir, "sounds"), join(pbx.folder, "lib")]));
    const before = await look();
    for (const office of offices) {
      const args = ["install", "--yes", ...installOptions(office)];
      work.next(`Installing: asterisk-smart-transfer ${args.map(shortened).join(" ")}`);
      await runCommand(install, [...args, "--no-rehearsal"], office, context);
    }
    work.end("done");
    await play(cast, company, drawing(parties, terminal));
    terminal.result("");
    work.next("Uninstalling: asterisk-smart-transfer uninstall --yes");
    for (const office of offices) await runCommand(uninstall, ["uninstall", "--yes"], office, context);
    const changed = differences(before, await look());
    if (changed.length > 0)
      throw new Problem(`The uninstall left ${changed.join(", ")} changed.`, "Please report this.");
    work.next(`All ${before.size} files of that Asterisk are as they were, to the byte`);
    work.end("done");
  } catch (error) {
    work.end("failed");
    throw error;
  } finally {
    await company?.stop();
  }
}

/** A path without its folders. */
function shortened(arg: string): string {
  return arg.startsWith("/") ? basename(arg) : arg;
}

async function showRecorded({ terminal, options }: Context): Promise<void> {
  const recording = recordedDemo(options.nodes ? "nodes" : "one");
  terminal.tell(`(Asterisk ${recording.asterisk})`);
  // On a terminal, replay in real time. A file need not wait.
  await replay(recording, drawing(recording.parties, terminal), terminal.abilities.moves ? sleep : async () => {});
}

function drawing(columns: readonly Party[], { abilities, paint, columns: width, result }: Terminal): Listener {
  const diagram = new Diagram(columns, Math.min(width, 100), abilities, paint);
  const print = (lines: readonly string[]) => result(lines.join("\n"));
  return {
    scene: (title) => print(diagram.scene(title)),
    beat: (beat) => print(diagram.beat(beat)),
  };
}

/** Runs one of our commands in this process. Prints its output only if it fails. */
async function runCommand(command: Command, args: string[], { pbx }: Office, context: Context): Promise<void> {
  const said: string[] = [];
  const listen = (text: string) => void said.push(text);
  const quiet: Terminal = {
    ...context.terminal,
    result: listen,
    tell: listen,
    detail: () => {},
    work: () => silentWork,
    paint: (_, text) => text,
    interactive: false,
  };
  const { options } = parseCommandLine([...args, ...pbx.reach]);
  const code = await command({ ...context, options, terminal: quiet });
  if (code !== exitCode.done)
    throw new Problem(`${args[0]} ended with code ${code}:\n${said.join("\n")}`, "Please report this.");
}
