import { appliedOf, saidIn } from "./settings.ts";
import { type Main, mains } from "./step.ts";
import { brokenLua, isTitled, marksIn } from "./texts.ts";
import { isKept, isOurPlace, own, settingsPath, type Tree, textAt } from "./tree.ts";

/** What the running Asterisk has read. */
export interface Live {
  readonly "features.conf": string | undefined;
  readonly "extensions.conf": boolean;
  readonly "pjsip.conf": string;
  readonly "extensions.lua": "unloaded" | "without us" | "with us";
}

/** What somebody who has seen every step knows of a PBX. */
export interface Belief {
  installed: "no" | "former" | "now";
  /** The admin's files as they would be without us; `undefined` if there would be none. */
  readonly theirs: Map<Main, string | undefined>;
  /** Files of theirs that there were none of before us: an empty one is ours to remove. */
  readonly made: Set<Main>;
  /** Files that were in the place of ours, which uninstall gives back. */
  foreign: Map<string, string>;
  /** Our files and the settings, as the last install wrote them. */
  written: ReadonlyMap<string, string>;
  /** The settings that shape our other files, as the last install had them. */
  applied: string;
  /** Whether the settings are ours to remove while nobody edits them. */
  areSettingsOurs: boolean;
  hasManifest: boolean;
  live: Live;
  /** Files whose reader may have read them or not. */
  readonly unsure: Set<Main>;
}

export function beliefOf(tree: Tree): Belief {
  const nothing: Live = {
    "features.conf": undefined,
    "extensions.conf": false,
    "pjsip.conf": "",
    "extensions.lua": "without us",
  };
  return {
    installed: "no",
    theirs: new Map(mains.map((main) => [main, textAt(tree, `etc/${main}`)])),
    made: new Set(mains.filter((main) => !tree.has(`etc/${main}`))),
    foreign: new Map(),
    written: new Map(),
    applied: "",
    areSettingsOurs: false,
    hasManifest: false,
    live: { ...nothing, "extensions.lua": tree.has("etc/extensions.lua") ? "without us" : "unloaded" },
    unsure: new Set(),
  };
}

/** What an Asterisk has read that reads a file now. */
export function readNow<Name extends Main>(main: Name, tree: Tree, before: Live): Live[Name] {
  const text = textAt(tree, `etc/${main}`);
  const isOurs = marksIn(main, text ?? "") > 0;
  const part = isOurs ? textAt(tree, `${own}/${main}`) : undefined;
  const endpoints = () => [...tree.keys()].flatMap((path) => /\/pjsip-(\d+)\.conf$/.exec(path)?.[1] ?? []);
  const lua = (): Live["extensions.lua"] => {
    if (text === undefined) return "unloaded";
    if (text.includes(brokenLua)) return before["extensions.lua"];
    return isOurs ? "with us" : "without us";
  };
  const all: { [One in Main]: () => Live[One] } = {
    "features.conf": () => /^smart-transfer => ([^,]+),/m.exec(part ?? "")?.[1],
    "extensions.conf": () => part !== undefined,
    "pjsip.conf": () => (part === undefined ? "" : endpoints().sort().join()),
    "extensions.lua": lua,
  };
  return all[main]();
}

export function noteRead(belief: Belief, tree: Tree, read: readonly Main[]): void {
  for (const main of read) {
    belief.live = { ...belief.live, [main]: readNow(main, tree, belief.live) };
    belief.unsure.delete(main);
  }
}

/** The admin's files of which something was changed, theirs or our part of it: a run has them read again. */
export function changedBetween(before: Tree, after: Tree): Main[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  const changed = paths.filter((path) => textAt(before, path) !== textAt(after, path));
  return mains.filter((main) => {
    const parts = new RegExp(
      main === "pjsip.conf" ? "^etc/(smart_transfer\\.d/)?pjsip(-.*)?\\.conf$" : `^etc/(smart_transfer\\.d/)?${main}$`,
    );
    return changed.some((path) => parts.test(path));
  });
}

/** An install has come to its end. */
export function noteInstall(belief: Belief, before: Tree, after: Tree, by: "former" | "now"): void {
  noteRead(belief, after, changedBetween(before, after));
  if (belief.installed === "no") {
    belief.areSettingsOurs = !before.has(settingsPath);
  } else if (!before.has(settingsPath)) belief.areSettingsOurs = true;
  else if (!belief.hasManifest) belief.areSettingsOurs = false;
  if (!belief.hasManifest) noteForeign(belief, before, after);
  belief.installed = by;
  belief.hasManifest = true;
  const wasThere = (path: string, content: string | undefined) =>
    isOurPlace(path) && textAt(before, path) === content && !belief.written.has(path);
  const ours = [...after].filter(
    ([path, { content }]) =>
      content !== undefined && (path === settingsPath || isOurPlace(path)) && !isKept(path) && !wasThere(path, content),
  );
  belief.written = new Map(ours.map(([path, { content }]) => [path, content as string]));
  belief.applied = appliedOf(saidIn(textAt(after, settingsPath)));
}

/** Without a manifest, what an install finds in the place of our files was there before, unless it is or begins as ours. */
function noteForeign(belief: Belief, before: Tree, after: Tree): void {
  const isForeign = (path: string, content: string) =>
    isOurPlace(path) && after.has(path) && textAt(after, path) !== content && belief.written.get(path) !== content;
  const wasInstalled = belief.installed !== "no";
  belief.foreign = new Map();
  for (const [path, { content }] of before)
    if (content !== undefined && isForeign(path, content) && !(wasInstalled && isTitled(content)))
      belief.foreign.set(path, content);
}

/** An uninstall has come to its end. */
export function noteUninstall(belief: Belief, before: Tree, after: Tree): void {
  noteRead(belief, after, changedBetween(before, after));
  for (const main of mains) {
    if (after.has(`etc/${main}`)) belief.made.delete(main);
    else belief.made.add(main);
  }
  Object.assign(belief, {
    installed: "no",
    foreign: new Map(),
    written: new Map(),
    applied: "",
    areSettingsOurs: false,
    hasManifest: false,
  });
}
