import { wrapped } from "../../terminal/abilities.ts";
import { type ExitCode, exitCode, Problem } from "../../terminal/problem.ts";
import { apply } from "../apply/apply.ts";
import { givenAnswers, givenSettings } from "../ask/given.ts";
import { farewell } from "../ask/words.ts";
import { faultsOf, newFaults, type Proof } from "../check/proof.ts";
import { showProgress } from "../cli/plan-work.ts";
import { renderPlan, summarizePlan } from "../cli/render.ts";
import { renderProof } from "../cli/render-proof.ts";
import { changesAnything, isInstalled, type Plan } from "../plan/plan.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { notesOrThrow, pbxFindings } from "../preflight/checks.ts";
import { withTrunkFiles } from "../preflight/trunk-files.ts";
import type { Answers } from "../settings/document.ts";
import { inspectSettings } from "../settings/model.ts";
import type { Command, Context } from "./command.ts";
import { converse } from "./conversation.ts";
import { seenHere } from "./node.ts";
import { changingPbx, identified, type Pbx, provePbx, type Reached, surveyAndInspect } from "./pbx.ts";
import { type InstallInput, type Prepared, requireLanguages, requireSounds } from "./prepare.ts";
import { prepareUnasked } from "./unasked.ts";

/** `install`: asks or takes the options, checks, plans, shows the plan, applies it, and checks the running PBX. */
export const install: Command = async (context) => {
  const { options } = context;
  requireAnswerer(context);
  requireLanguages(context);
  const given = await givenAnswers(options);
  const file = options.settings === undefined ? undefined : await givenSettings(options.settings);
  return changingPbx(context, (reached) => installOn(reached, context, given, file));
};

async function installOn(
  found: Reached,
  context: Context,
  given: Answers,
  file: string | undefined,
): Promise<ExitCode> {
  const { options, terminal, shipped } = context;
  const { pbx, inspection: inspected } = await surveyAndInspect(found, shipped);
  const { paths, files } = inspected.snapshot;
  const current = file ?? files.get(paths.settings)?.content.toString("latin1");
  const settingsPath = file === undefined ? paths.settings : (options.settings ?? "");
  const read = inspectSettings(current ?? "").settings;
  const installed = await seenHere(read, current ?? "", settingsPath, inspected.snapshot, context);
  const inspection = await withTrunkFiles(inspected, installed, pbx);
  const { snapshot } = inspection;
  const input: InstallInput = {
    given,
    current,
    installed: current === undefined ? undefined : installed,
    settingsPath,
    pbx,
    snapshot,
    inspection,
    notes: notesOrThrow(pbxFindings(inspection, shipped.vocabulary.dialplan)),
  };
  await requireSounds(input);
  const asks = terminal.interactive && !options["dry-run"];
  const prepared = asks ? await converse(input, context) : prepareUnasked(input, context);
  const { plan } = prepared;

  if (options["dry-run"]) return showOnly(plan, context);
  if (changesAnything(plan) && !asks && !options.json) terminal.tell(summarizePlan(plan, terminal.paint));
  const proof = changesAnything(plan)
    ? await applyProven(plan, pbx, snapshot, context)
    : await provePbx(pbx, rehearsing(context));
  return report(prepared, proof, input, context);
}

/** Rolls back an install that fails its own check. Faults that existed before do not count. */
async function applyProven(plan: Plan, pbx: Pbx, snapshot: Snapshot, context: Context): Promise<Proof> {
  const { options, terminal, shipped } = context;
  const facts = { options: { ...options, "no-rehearsal": true }, shipped };
  const before = isInstalled(snapshot) ? await provePbx(pbx, facts) : nothingProven;
  let after = nothingProven;
  const check = options["no-rehearsal"] ? "" : ", with transfers that ring no phone (about 7 s)";
  await showProgress(plan, { last: `Checking that it works${check}` }, terminal, (done, tell) =>
    apply(plan, pbx, done, {
      async verify(signal) {
        after = await provePbx(await identified(pbx), rehearsing(context), { signal, tell });
        const [fault] = newFaults(before, after);
        if (fault)
          throw new Problem(`The check after the install failed: ${fault.id}: ${fault.seen}.`, fault.remedy ?? "");
      },
    }),
  );
  return after;
}

/** An install rehearses even if CEL records it. */
function rehearsing({ options, shipped }: Context) {
  return { options: { ...options, rehearsal: true }, shipped };
}

const nothingProven: Proof = { checks: [], rehearsal: [] };

/** Requires a terminal or --yes. Checked first, so that a script fails early. */
function requireAnswerer({ options, terminal }: Context): void {
  if (options.yes || options["dry-run"] || terminal.interactive) return;
  throw new Problem(
    "There are questions to answer, and no terminal to ask on.",
    "Add --yes, and say what differs from the defaults: --extensions 101-110, --key '#', --prompt NAME=FILE.",
    exitCode.usage,
  );
}

function report(
  { plan, settings }: Prepared,
  proof: Proof,
  { snapshot }: InstallInput,
  { options, terminal }: Context,
) {
  const changed = changesAnything(plan);
  if (options.json) {
    const files = plan.changes.map(({ path }) => path);
    terminal.result(
      JSON.stringify(
        { changed, files, reloads: plan.reloads, check: proof.checks, rehearsal: proof.rehearsal },
        null,
        2,
      ),
    );
  } else {
    terminal.result(changed ? "\nInstalled." : "Nothing to do: it is installed as it should be.");
    terminal.result(renderProof(proof, terminal.paint, options.verbose));
    if (changed)
      terminal.result(wrapped(`\n${farewell(settings, snapshot.paths.settings)}`, terminal.columns, 5).join("\n"));
  }
  return faultsOf(proof).length > 0 ? exitCode.broken : exitCode.done;
}

function showOnly(plan: Plan, { options, terminal }: Context) {
  const files = plan.changes.map(({ path }) => path);
  if (options.json)
    terminal.result(
      JSON.stringify({ changed: changesAnything(plan), files, reloads: plan.reloads, check: [] }, null, 2),
    );
  else terminal.result(changesAnything(plan) ? renderPlan(plan, terminal.paint) : "Nothing would change.");
  return exitCode.done;
}
