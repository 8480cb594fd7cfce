import { type ExitCode, exitCode, Problem } from "../../terminal/problem.ts";
import { apply } from "../apply/apply.ts";
import { channelsInWords, untilNobodyIsOnTheWay } from "../apply/under-way.ts";
import { confirm } from "../ask/interview.ts";
import { openAsker } from "../ask/open-asker.ts";
import { settingsAsFound } from "../check/evidence.ts";
import { showProgress } from "../cli/plan-work.ts";
import { renderPlan, summarizePlan } from "../cli/render.ts";
import { isInstalled, type Plan, planUninstall } from "../plan/plan.ts";
import { buttonLineNotes } from "../preflight/button-lines.ts";
import { longestTransferMs } from "../settings/longest.ts";
import type { Command, Context } from "./command.ts";
import { changingPbx, identified, type Pbx, type Reached, snapshotOf } from "./pbx.ts";

/** `uninstall`: removes what install added, and restores every file. */
export const uninstall: Command = (context) => changingPbx(context, (pbx) => uninstallFrom(pbx, context));

async function uninstallFrom(reached: Reached, context: Context): Promise<ExitCode> {
  const { options, terminal, shipped } = context;
  const pbx = await identified(reached);
  const snapshot = await snapshotOf(pbx, pbx.asterisk?.modules, shipped);
  const planned = planUninstall(snapshot, shipped.sounds);
  const plan = { ...planned, notes: [...planned.notes, ...(await buttonLineNotes(pbx.system, snapshot))] };
  const result = () => ({
    changed: plan.changes.length > 0,
    files: plan.changes.map(({ path }) => path),
    reloads: plan.reloads,
    check: [],
  });
  const say = (sentence: string) => terminal.result(options.json ? JSON.stringify(result(), null, 2) : sentence);

  if (!isInstalled(snapshot) || plan.changes.length === 0) {
    say("Nothing to do: it is not installed.");
    return exitCode.done;
  }
  if (options["dry-run"]) {
    say(renderPlan(plan, terminal.paint));
    return exitCode.done;
  }
  if (!options.yes && !terminal.interactive)
    throw new Problem("Uninstalling needs a yes, and there is no terminal to ask on.", "Add --yes.", exitCode.usage);
  if (!options.json) terminal.tell(`This will change:\n\n${summarizePlan(plan, terminal.paint)}\n`);
  if (!options.yes) {
    const asker = await openAsker(terminal);
    await confirm(asker, () => asker.tell(`\n${renderPlan(plan, terminal.paint)}\n`), false);
  }
  const lost = await carryOut(plan, pbx, longestTransferMs(settingsAsFound(snapshot).settings), context);
  if (lost.length > 0) terminal.tell(`Did not wait any longer than a transfer can last: ${channelsInWords(lost)}.`);
  say(
    plan.notes.length === 0
      ? "Uninstalled: every file is as it was before the install."
      : "Uninstalled, except for what is named above.",
  );
  return exitCode.done;
}

/**
 * Removes the key first, waits until the running transfers have ended, then removes the rest. Returns the channels that
 * had not ended in time.
 */
async function carryOut(plan: Plan, pbx: Pbx, limitMs: number, { options, terminal }: Context): Promise<string[]> {
  const { cli } = pbx;
  let left: string[] = [];
  if (cli === undefined || options.now) {
    await showProgress(plan, {}, terminal, (done) => apply(plan, pbx, done));
    return left;
  }
  const pause = "Waiting for running transfers to end";
  await showProgress(plan, { pause }, terminal, (done, at) =>
    apply(plan, pbx, done, {
      async pause(signal) {
        left = await untilNobodyIsOnTheWay(cli, limitMs, at, signal);
      },
    }),
  );
  return left;
}
