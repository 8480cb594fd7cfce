import type { Belief } from "./belief.ts";
import { mains } from "./step.ts";
import { isTitled, unmarked } from "./texts.ts";
import { differencesOf, type Entry, isKept, isOurPlace, own, settingsPath, type Tree, textAt } from "./tree.ts";

/** What is wrong with a PBX's files after an uninstall, a sentence each: all must be as without us, to the byte. */
export function faultsAfterUninstall(belief: Belief, before: Tree, after: Tree): string[] {
  return differencesOf(withoutUs(belief, before), after);
}

function withoutUs(belief: Belief, before: Tree): Tree {
  const { theirs, written, foreign, hasManifest, areSettingsOurs } = belief;
  const expected = new Map(before);
  const put = (path: string, content: string, { kind } = before.get(path) as Entry) =>
    expected.set(path, { kind, content });
  for (const [path, { content }] of before)
    if (path.startsWith("etc/") && !isOurPlace(path) && content !== undefined) put(path, unmarked(path, content));
  for (const main of mains) {
    const text = theirs.get(main);
    if (text === undefined) expected.delete(`etc/${main}`);
    else put(`etc/${main}`, text);
  }
  if (areSettingsOurs && hasManifest && isUnedited(settingsPath)) expected.delete(settingsPath);
  for (const [path, { content }] of before) {
    if (!isOurPlace(path) || content === undefined || isKept(path)) continue;
    const isTakenForOurs = !hasManifest && path.startsWith("etc/") && isTitled(content);
    if (isUnedited(path) || isTakenForOurs) expected.delete(path);
  }
  // What was there before us comes back, unless somebody has edited our file in its place.
  for (const [path, content] of hasManifest ? foreign : []) {
    const beside = [...before]
      .filter(([one, entry]) => one.startsWith(`${path}.edited`) && entry.content === content)
      .at(-1);
    if (beside === undefined || expected.has(path)) continue;
    put(path, content, beside[1]);
    expected.delete(beside[0]);
  }
  for (const [path, { content }] of before) {
    const isOurFolder = content === undefined && (path === own || /\/smart-transfer$/.test(path));
    if (isOurFolder && ![...expected.keys()].some((one) => one.startsWith(`${path}/`))) expected.delete(path);
  }
  return expected;

  function isUnedited(path: string): boolean {
    const content = textAt(before, path);
    return content !== undefined && written.get(path) === content;
  }
}
