import type { Answers } from "../settings/document.ts";
import type { DirectoryEntry } from "../settings/extensions.ts";
import type { Settings } from "../settings/model.ts";
import { promptSettings } from "../settings/prompt-settings.ts";

/** The answers so far. It starts with proposals that the admin only has to accept. */
export interface Draft {
  readonly directory: readonly DirectoryEntry[];
  /** The admin types the directory as a list instead of ticking it. */
  readonly isTyped: boolean;
  readonly withMobiles: boolean;
  readonly mobileDial: string;
  /** Mobile numbers, by extension. */
  readonly mobiles: Readonly<Record<string, string>>;
  readonly key: string;
  /** How extensions are rung; empty: by their devices. */
  readonly dial: string;
  /** The admin wants notices, and so what became of transfers, in a log of their own. */
  readonly logs: boolean;
  /** What else this PBX suggests. */
  readonly suggested: Readonly<Record<string, string>>;
  readonly languages: readonly string[];
  /** The admin has recordings of their own. */
  readonly withOwn: boolean;
  /** Prompts that the admin replaces with their own recordings. */
  readonly ownPrompts: readonly string[];
  /** The sounds of those recordings, by prompt. */
  readonly sounds: Readonly<Record<string, string>>;
}

/**
 * Proposes what is installed, otherwise what was found on the PBX.
 *
 * @param directory who takes part
 * @param suggested what the PBX suggests for settings of [general] on which nobody has decided
 * @param trunks endpoints that belong to no extension; if there is exactly one, mobiles are called through it
 */
export function proposedDraft(
  installed: Settings | undefined,
  directory: readonly DirectoryEntry[],
  languages: readonly string[],
  suggested: Readonly<Record<string, string>>,
  trunks: readonly string[] = [],
): Draft {
  const { transfer_key: key, dial, ...others } = suggested;
  const mobiles = Object.fromEntries(
    (installed?.directory ?? []).flatMap(({ extension, mobile }) => (mobile ? [[extension, mobile]] : [])),
  );
  const sounds = Object.fromEntries(
    promptSettings.flatMap(({ name, default: usual }) => {
      const sound = installed?.prompts[name] ?? usual;
      return sound === usual ? [] : [[name.replace("prompt_", ""), sound]];
    }),
  );
  return {
    directory,
    isTyped: false,
    withMobiles: Object.keys(mobiles).length > 0,
    mobileDial: installed?.general.mobile_dial || (trunks.length === 1 ? `PJSIP/\${NUMBER}@${trunks[0]}` : ""),
    mobiles,
    key: key ?? installed?.general.transfer_key ?? "#",
    dial: dial ?? installed?.general.dial ?? "",
    logs: true,
    suggested: others,
    languages,
    withOwn: Object.keys(sounds).length > 0,
    ownPrompts: Object.keys(sounds),
    sounds,
  };
}

/**
 * The changes to write into smart_transfer.conf: what differs from the installed settings. Answers from the command
 * line win.
 */
export function answersOf(draft: Draft, given: Answers, installed: Settings | undefined): Answers {
  const wanted = {
    ...draft.suggested,
    transfer_key: draft.key,
    dial: draft.dial,
    ...(draft.withMobiles ? { mobile_dial: draft.mobileDial } : {}),
    ...Object.fromEntries(promptSettings.map(({ name, default: usual }) => [name, soundOf(draft, name) ?? usual])),
  };
  const before: Readonly<Record<string, string>> = { dial: "", ...installed?.general, ...installed?.prompts };
  const changed = Object.entries(wanted).filter(([name, value]) => before[name] !== value);
  return {
    general: { ...Object.fromEntries(changed), ...given.general },
    directory: given.directory ?? draft.directory,
    mobiles: given.mobiles ?? mobilesOf(draft, installed),
  };
}

function soundOf({ withOwn, ownPrompts, sounds }: Draft, setting: string): string | undefined {
  const prompt = setting.replace("prompt_", "");
  return withOwn && ownPrompts.includes(prompt) ? sounds[prompt] : undefined;
}

/** Mobiles of the extensions in the directory. An empty number removes an installed one. */
function mobilesOf(
  { directory, withMobiles, mobiles }: Draft,
  installed: Settings | undefined,
): Record<string, string> {
  const before = new Map(installed?.directory.map(({ extension, mobile }) => [extension, mobile]));
  const wanted = directory.map(({ extension }) => [extension, (withMobiles && mobiles[extension]) || ""] as const);
  return Object.fromEntries(wanted.filter(([extension, number]) => number !== (before.get(extension) ?? "")));
}
