import { contexts } from "../../../contract/names.ts";
import { few } from "../../../terminal/few.ts";
import { takebackIn } from "../../plan/takeback-contexts.ts";
import { atHome, type Settings } from "../../settings/model.ts";
import { filledIn } from "../../settings/template.ts";
import { fail, pass, type Verdict, warn } from "../../verdict.ts";
import { type Evidence, type Fact, reinstall } from "../evidence.ts";
import { keep, spread } from "../sample.ts";

/** Whether the extensions of the admin's dialplan that the settings name are there, and our code is. */
export const placeFacts: readonly Fact[] = [
  { id: "fallback", live: true, look: fallback },
  { id: "voicemail", live: true, look: voicemail },
  { id: "takeback", live: true, look: takeback },
];

/** Finds those that the running dialplan does not have, in a sample of an extension@context each. */
export async function missingPlaces(
  { cli }: Pick<Evidence, "cli">,
  places: readonly string[],
): Promise<{ looked: readonly string[]; missing: readonly string[] }> {
  const looked = spread([...new Set(places)]);
  const missing = await keep(looked, async (one) =>
    /no existence of/.test((await cli?.run(`dialplan show ${one}`)) ?? ""),
  );
  return { looked, missing: missing.sort() };
}

async function fallback({ cli, settings }: Evidence): Promise<Verdict> {
  const places = fallbacks(settings);
  if (places.length === 0) return { status: "skipped", seen: "no fallback is set: whom nobody takes hears a goodbye" };
  const { looked, missing } = await missingPlaces({ cli }, places);
  if (missing.length === 0) return pass(few(looked));
  return warn(
    `not in the dialplan: ${few(missing)}`,
    "Correct `fallback` in smart_transfer.conf: a caller who should go there hears a goodbye.",
  );
}

/** The fallback of each extension, as its own section or [general] says. */
function fallbacks(settings: Settings): string[] {
  return atHome(settings).flatMap(({ extension, fallback: own }) => {
    const template = own || settings.general.fallback;
    return template === "" ? [] : [filledIn(filledIn(template, extension, "RECEIVER"), extension, "TRANSFERER")];
  });
}

async function voicemail({ cli, settings: { general, directory } }: Evidence): Promise<Verdict> {
  if (general.voicemail === "") return { status: "skipped", seen: "voicemail is not set" };
  const { looked, missing } = await missingPlaces(
    { cli },
    directory.map(({ extension }) => filledIn(general.voicemail, extension)),
  );
  if (missing.length === 0) return pass(`all have it: ${few(looked)}`);
  if (missing.length < looked.length) return pass(`these do not have it: ${few(missing)}`);
  return warn(
    `not in the dialplan: ${few(missing)}`,
    "Correct `voicemail` in smart_transfer.conf: as it is, nobody has voicemail.",
  );
}

async function takeback({ cli, settings, snapshot }: Evidence): Promise<Verdict> {
  const code = settings.general.takeback_code;
  if (code === "") return { status: "skipped", seen: "takeback_code is not set" };
  const dialled = takebackIn(settings, snapshot.endpoints).map((context) => `${code}@${context}`);
  const missing = await keep(
    spread(dialled),
    async (one) => !(await cli?.run(`dialplan show ${one}`))?.includes(contexts.takeback),
  );
  return missing.length === 0
    ? pass(dialled.join(", "))
    : fail(`not in the dialplan: ${few(missing.sort())}`, reinstall);
}
