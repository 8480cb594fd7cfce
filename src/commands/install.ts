import { apply } from "../apply/apply.ts";
import { givenAnswers, givenSettings } from "../ask/given.ts";
import { ask, confirm } from "../ask/questions.ts";
import { type CheckResult, isBroken, newFaults } from "../check/check.ts";
import { renderChecks, renderPlan, summarizePlan } from "../cli/render.ts";
import { type ExitCode, exitCode, Problem } from "../errors.ts";
import { firstRemarks, heeded, settledRemarks } from "../looking/looks.ts";
import { lookAround } from "../looking/sight.ts";
import { transferEndpoints } from "../plan/endpoint-files.ts";
import { changesAnything, isInstalled, type Plan, planInstall } from "../plan/plan.ts";
import type { Scene } from "../plan/scene.ts";
import { type Answers, editedDocument, newDocument } from "../settings/document.ts";
import { writeExtensions } from "../settings/extensions.ts";
import { inspectSettings, readSettings, type Settings } from "../settings/model.ts";
import type { Command, Context } from "./command.ts";
import { changingPbx, checkPbx, look, type Pbx, requireAble } from "./pbx.ts";

/** Asked or given -> checked -> planned -> shown -> applied -> checked on the running PBX. */
export const install: Command = async (context) => {
  const { options } = context;
  requireAnswerer(context);
  const given = await givenAnswers(options);
  const file = options.settings === undefined ? undefined : await givenSettings(options.settings);
  return changingPbx(context, (pbx) => installOn(pbx, context, given, file));
};

async function installOn(pbx: Pbx, context: Context, given: Answers, file: string | undefined): Promise<ExitCode> {
  const { options, terminal, shipped } = context;
  await requireAble(pbx);
  const scene = await look(pbx, shipped);
  const sight = await lookAround(pbx.system, scene, pbx.cli);
  const found = heeded(firstRemarks(sight));

  const current = file ?? scene.files.get(scene.paths.settings)?.content.toString("latin1");
  const answers = await completed(given, current, pbx, context);
  const text = current === undefined ? newDocument(answers) : editedDocument(current, answers);
  const settings = readSettings(text, file === undefined ? scene.paths.settings : (options.settings ?? ""));
  requireMobiles(answers, settings);
  requireEndpoints(settings, pbx);
  const notes = [...found, ...heeded(settledRemarks(sight, settings))];
  const plan = planInstall(scene, text, settings, shipped, languages(context, scene), notes);

  if (options["dry-run"]) return showOnly(plan, context);
  if (changesAnything(plan)) {
    if (terminal.interactive) {
      terminal.tell(
        `\n${writeExtensions(settings.directory)} can transfer with ${settings.general.transfer_key}. For that, these will change:\n`,
      );
      terminal.tell(`${summarizePlan(plan, terminal.paint)}\n`);
      const agreed = await confirm(() => terminal.tell(`\n${renderPlan(plan, terminal.paint)}\n`));
      if (!agreed) throw new Problem("Cancelled. Nothing was changed.", "", exitCode.cancelled);
    }
    return report(plan, await applyProven(plan, pbx, scene, context), context);
  }
  return report(plan, await checkPbx(pbx, shipped), context);
}

/** An install that does not pass its own check is taken back; a fault that was there before is not its doing. */
async function applyProven(plan: Plan, pbx: Pbx, scene: Scene, { terminal, shipped }: Context): Promise<CheckResult[]> {
  const before = isInstalled(scene) ? await checkPbx(pbx, shipped) : [];
  let after: CheckResult[] = [];
  await apply(plan, pbx, terminal.detail, async () => {
    after = await checkPbx(pbx, shipped);
    const [fault] = newFaults(before, after);
    if (fault) throw new Problem(`The check after it failed: ${fault.id}: ${fault.seen}.`, fault.remedy ?? "");
  });
  return after;
}

/** Somebody must answer: the terminal, or --yes. Known before anything is looked at. */
function requireAnswerer({ options, terminal }: Context): void {
  if (options.yes || options["dry-run"] || terminal.interactive) return;
  throw new Problem(
    "There are questions to answer, and no terminal to ask on.",
    "Add --yes, and say what differs from the defaults: --extensions 101-110, --key '#', --prompt NAME=FILE.",
    exitCode.usage,
  );
}

/** The options' answers, and for what they leave open the terminal's, or else what is installed or was found. */
async function completed(
  given: Answers,
  current: string | undefined,
  { survey }: Pbx,
  { options, terminal }: Context,
): Promise<Answers> {
  const installed = current === undefined ? undefined : inspectSettings(current).settings;
  const known = installed && installed.directory.length > 0 ? installed.directory : (survey?.candidates ?? []);
  const proposal = { directory: known, key: installed?.general.transfer_key ?? "#" };
  if (terminal.interactive && !options["dry-run"]) return ask(given, proposal);
  if (given.directory || known.length > 0) return { ...given, directory: given.directory ?? known };
  throw new Problem(
    "No extension was found on this PBX, by hint or by endpoint.",
    "Name those who take part: --extensions 101-110,115,201=PJSIP/alice.",
    exitCode.usage,
  );
}

/** A mobile of somebody who does not take part would be lost without a word. */
function requireMobiles({ mobiles = {} }: Answers, { directory }: Settings): void {
  const stranger = Object.keys(mobiles).find((number) => !directory.some(({ extension }) => extension === number));
  if (stranger === undefined) return;
  throw new Problem(
    `--mobile ${stranger}: that extension does not take part.`,
    "Add it to --extensions too.",
    exitCode.usage,
  );
}

/** At an addition to an endpoint that does not exist Asterisk would drop the rest of that file (main/config.c). */
function requireEndpoints(settings: Settings, { survey }: Pbx): void {
  if (survey === undefined) return;
  const missing = transferEndpoints(settings).filter((endpoint) => !survey.endpoints.has(endpoint));
  if (missing.length === 0) return;
  const names =
    missing.length > 5 ? `${missing.slice(0, 5).join(", ")} and ${missing.length - 5} more` : missing.join(", ");
  throw new Problem(
    `This Asterisk has no PJSIP endpoint ${names}.`,
    "Leave them out of the extensions, create them in pjsip.conf, or name the device: --extensions 201=PJSIP/alice.",
  );
}

/** English always, other languages of ours where the PBX has their sounds, and those asked for. */
function languages({ options, shipped }: Context, scene: Scene): string[] {
  const has = (language: string) => scene.folders.has(`${scene.paths.sounds}/${language}`);
  return Object.keys(shipped.sounds).filter(
    (language) => language === "en" || has(language) || options.language.includes(language),
  );
}

function report(plan: Plan, results: readonly CheckResult[], { options, terminal }: Context) {
  const changed = changesAnything(plan);
  if (options.json) {
    const files = plan.changes.map(({ path }) => path);
    terminal.result(JSON.stringify({ changed, files, reloads: plan.reloads, check: results }, null, 2));
  } else {
    if (changed && !terminal.interactive) terminal.tell(summarizePlan(plan, terminal.paint));
    terminal.result(changed ? "\nInstalled." : "Nothing to do: it is installed as it should be.");
    terminal.result(renderChecks(results, terminal.paint));
  }
  return isBroken(results) ? exitCode.broken : exitCode.done;
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
