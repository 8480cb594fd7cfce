import { join } from "node:path";
import { endpointInWords, endpointOf } from "../../asterisk/technologies.ts";
import type { Setting } from "../../contract/setting.ts";
import { wrapped } from "../../terminal/abilities.ts";
import { Problem } from "../../terminal/problem.ts";
import { type Back, back } from "../ask/asker.ts";
import { answersOf, type Draft, proposedDraft } from "../ask/draft.ts";
import { soundNames } from "../ask/given.ts";
import { confirm, interview, orBack } from "../ask/interview.ts";
import { openAsker } from "../ask/open-asker.ts";
import { type Participant, peopleOf } from "../ask/people.ts";
import { questions, type WizardInput } from "../ask/wizard.ts";
import { greeting, settingsInWords } from "../ask/words.ts";
import { renderPlan, summarizePlan } from "../cli/render.ts";
import { findLogSources } from "../log/sources.ts";
import { generatorOf } from "../plan/custom-files.ts";
import { soundPath } from "../plan/generated.ts";
import { changesAnything, isInstalled, isMarked } from "../plan/plan.ts";
import { adminFiles, type Snapshot, whereNeeded } from "../plan/snapshot.ts";
import { allCodes, freeKey, keyFindings } from "../preflight/keys.ts";
import type { Survey } from "../preflight/survey.ts";
import { faultOf } from "../settings/fault.ts";
import { atHome } from "../settings/model.ts";
import { promptSettings } from "../settings/prompt-settings.ts";
import type { Context } from "./command.ts";
import { type Directory, directoryOf, followsPbx } from "./directory.ts";
import { soundFaultFinder } from "./pbx.ts";
import { generalOf, type InstallInput, type Prepared, prepare, usualLanguages } from "./prepare.ts";
import { keptOf, settingsOf, undecided } from "./proposed.ts";

const english = "en";

/** Asks what the options left open, shows the resulting plan, and asks for confirmation. */
export async function converse(input: InstallInput, context: Context): Promise<Prepared> {
  const { given, installed, pbx, snapshot } = input;
  const { terminal } = context;
  const directory = directoryOf(input);
  const wizardInput = { ...wizardInputOf(input, directory, context), logPlace: await logPlaceOn(input) };
  const languages = usualLanguages(input, context).filter((code) => code !== english);
  const start = proposedDraft(
    installed,
    directory.entries,
    languages,
    { ...keptOf(input), ...settingsOf(undecided(input)), ...directory.general },
    trunksOf(wizardInput.people, pbx.survey),
  );
  const asker = await openAsker(terminal);
  const hello = greeting({
    version: context.shipped.version,
    asterisk: pbx.version,
    survey: pbx.survey,
    etc: pbx.directories.etc,
    people: wizardInput.people,
    settings: isInstalled(snapshot) ? snapshot.paths.settings : undefined,
    generators: generatorsOf(snapshot),
    keys: asker.keys,
  });
  const tell = (text: string, hang: number) => asker.tell(wrapped(text, terminal.columns, hang).join("\n"));
  tell(`${hello}\n`, 14);

  // Told before the question, if there is one. After it, the admin has decided.
  const notes = [...input.notes, ...(wizardInput.asksDirectory ? [] : directory.notes)];
  const review = async (draft: Draft): Promise<Prepared | Back> => {
    const prepared = await orBack(asker, () =>
      prepare(
        { ...input, notes, logs: draft.logs && wizardInput.logPlace !== "" },
        answersOf(draft, given, installed),
        [english, ...draft.languages],
        context,
      ),
    );
    if (prepared === back || !changesAnything(prepared.plan)) return prepared;
    const words = settingsInWords(prepared.settings, prepared.languages);
    tell(`\n${words.join("\n")}`, 2);
    tell(`\nFor that, this will change:\n${summarizePlan(prepared.plan, terminal.paint)}\n`, 4);
    const answer = await confirm(asker, () => asker.tell(`\n${renderPlan(prepared.plan, terminal.paint)}\n`), true);
    return answer === back ? back : prepared;
  };
  return interview(questions(wizardInput), start, asker, review);
}

function wizardInputOf(
  input: InstallInput,
  directory: Directory,
  { options, shipped }: Context,
): Omit<WizardInput, "logPlace"> {
  const { given, installed, pbx, snapshot, inspection } = input;
  const judge = soundFaultFinder(pbx, snapshot);
  const isMissing = (device: string) =>
    pbx.survey !== undefined &&
    [device, device.replace(/^PJSIP\//, "SIP/")].every((one) => !pbx.survey?.devices.has(one));
  const sound = promptSettings[0] as Setting;
  const general = generalOf(input);
  return {
    given,
    asksDirectory: given.directory === undefined && !followsPbx(input),
    languageGiven: options.language.length > 0,
    aboutPeople: directory.notes.join(" "),
    people: peopleOf(pbx.survey, snapshot.endpoints, installed === undefined ? [] : atHome(installed)),
    offered: settingsOf(undecided(input)).dial ?? "",
    languages: Object.keys(shipped.sounds).filter((code) => code !== english),
    missing: (directory) =>
      directory
        .flatMap(({ device }) => device.split("&"))
        .filter(isMissing)
        .flatMap((device) => endpointOf(device) ?? [])
        .map(endpointInWords),
    keyFault(key) {
      const findings = keyFindings(
        { ...general, transfer_key: key },
        inspection.features,
        inspection.running?.features,
      );
      const refused = findings.find(({ kind }) => kind === "refusal");
      const free = freeKey(allCodes(inspection.features, inspection.running?.features), general.return_key);
      return refused && `${refused.says}${free === undefined ? "" : ` ${free} is free.`}`;
    },
    async soundFault(text) {
      const names = await soundNames(text);
      const fault = faultOf(sound, names);
      if (fault !== undefined) return `It ${fault}.`;
      for (const name of names.split("&")) {
        const found = await judge(name);
        if (found !== undefined) return `${found.message} ${found.remedy}`;
      }
      return undefined;
    },
    soundFolder: (language) => soundPath(snapshot.directories.data, language, ""),
  };
}

/** The file for our line, if Asterisk writes notices to no file and there is a place for the line. */
async function logPlaceOn({ pbx, snapshot }: InstallInput): Promise<string> {
  const found = await findLogSources(pbx).catch((error: unknown) => {
    // `check` names what is wrong with the log.
    if (!(error instanceof Problem)) throw error;
  });
  const isLogged = found?.channels.some(({ takesNotices }) => takesNotices) || isMarked(snapshot, whereNeeded.logger);
  return (!isLogged && found?.place) || "";
}

/** PJSIP endpoints that belong to no extension. */
function trunksOf(people: readonly Participant[], survey: Survey | undefined): string[] {
  const taken = new Set(people.flatMap(({ device }) => device.split("&")));
  const others = [...(survey?.devices ?? [])].filter((device) => !taken.has(device)).map(endpointOf);
  return others.flatMap((one) => (one?.technology.name === "PJSIP" && /\D/.test(one.name) ? [one.name] : []));
}

/** Programs that generate this PBX's configuration, such as FreePBX. */
function generatorsOf({ directories, files }: Snapshot): string[] {
  const texts = Object.values(adminFiles).map((name) =>
    files.get(join(directories.etc, name))?.content.toString("latin1"),
  );
  return [...new Set(texts.flatMap((text) => generatorOf(text ?? "") ?? []))];
}
