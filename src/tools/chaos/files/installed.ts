import type { Belief } from "./belief.ts";
import { besides, saidIn, wished } from "./settings.ts";
import { mains, type Wish } from "./step.ts";
import { isTitled, marksIn, unmarked } from "./texts.ts";
import { difference, isKept, isOurPlace, own, settingsPath, type Tree, textAt } from "./tree.ts";

/** What is wrong with a PBX's files after an install, a sentence each. */
export function faultsAfterInstall(belief: Belief, before: Tree, after: Tree, wish: Wish): string[] {
  return [
    ...adminsFaults(belief, before, after),
    ...settingsFaults(before, after, wish),
    ...ourFaults(belief, before, after),
  ];
}

/** The admin's files have our line, and else are as the admin left them. */
function adminsFaults({ theirs }: Belief, before: Tree, after: Tree): string[] {
  const marked = mains.flatMap((main) => {
    const path = `etc/${main}`;
    const text = textAt(after, path);
    if (text === undefined) return [`${path} is not there`];
    const rest = unmarked(main, text);
    return [
      ...(marksIn(main, text) === 0 ? [`our line is not in ${path}`] : []),
      ...(rest === (theirs.get(main) ?? "") ? [] : [`${path} without us: ${difference(theirs.get(main) ?? "", rest)}`]),
      ...sameKind(path, before, after),
    ];
  });
  const others = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) =>
      path.startsWith("etc/") &&
      path !== settingsPath &&
      path !== own &&
      !isOurPlace(path) &&
      !mains.some((main) => path === `etc/${main}`),
  );
  const touched = others.flatMap((path) => {
    const [was, is] = [textAt(before, path), textAt(after, path)];
    if (!before.has(path)) return [`${path} is new`];
    if (!after.has(path)) return [`${path} is gone`];
    // A former version edited other files too: its lines go.
    const expected = was === undefined ? undefined : unmarked(path, was);
    return expected === is ? sameKind(path, before, after) : [`${path}: ${difference(expected ?? "", is ?? "")}`];
  });
  return [...marked, ...touched];
}

function sameKind(path: string, before: Tree, after: Tree): string[] {
  const [was, is] = [before.get(path)?.kind, after.get(path)?.kind];
  return was === undefined || was === is ? [] : [`${path} was ${was} and is ${is}`];
}

function settingsFaults(before: Tree, after: Tree, wish: Wish): string[] {
  const was = textAt(before, settingsPath);
  const is = textAt(after, settingsPath);
  if (is === undefined) return [`${settingsPath} is not there`];
  const [expected, said] = [wished(was, wish), saidIn(is)];
  return [
    ...(JSON.stringify(expected) === JSON.stringify(said)
      ? []
      : [`${settingsPath} says ${JSON.stringify(said)}, not ${JSON.stringify(expected)}`]),
    ...(was === undefined || besides(was) === besides(is)
      ? []
      : [`${settingsPath}, other lines: ${difference(besides(was), besides(is))}`]),
    ...sameKind(settingsPath, before, after),
  ];
}

/** Our folder has our files and no others, and whatever somebody wrote into one of them is beside it. */
function ourFaults(belief: Belief, before: Tree, after: Tree): string[] {
  const { extensions } = saidIn(textAt(after, settingsPath));
  const names = ["dialplan.lua", ...mains.filter((main) => !main.endsWith(".lua")), "directory.conf"];
  const wanted = new Set(
    [...names, ...extensions.map((number) => `pjsip-${number}.conf`)].map((name) => `${own}/${name}`),
  );
  const isSound = (path: string) => path.startsWith("sounds/");
  const texts = (tree: Tree) =>
    [...tree].flatMap(([path, { content }]) =>
      isOurPlace(path) && content !== undefined ? [[path, content] as const] : [],
    );
  const missing = [...wanted].filter((path) => !after.has(path)).map((path) => `${path} is not there`);

  const lost = texts(before).flatMap(([path, content]) => {
    if (textAt(after, path) === content) return [];
    if (isKept(path)) return [`${path}, which keeps what somebody wrote, is changed or gone`];
    if (belief.written.get(path) === content) return [];
    // Without the manifest a file that begins as ours do is ours.
    if (!belief.hasManifest && belief.installed !== "no" && isTitled(content)) return [];
    const beside = [...after].filter(([one, kept]) => one.startsWith(`${path}.edited`) && kept.content === content);
    return beside.length > 0 ? [] : [`what somebody wrote into ${path} is lost`];
  });
  const surplus = texts(after).flatMap(([path, content]) => {
    if (wanted.has(path) || textAt(before, path) === content) return [];
    if (isKept(path)) {
      const from = path.replace(/\.edited(?:-\d+)?$/, "");
      return textAt(before, from) === content ? [] : [`${path} keeps what nobody wrote`];
    }
    return isSound(path) ? [] : [`${path} is one too many`];
  });
  const stale = texts(after).flatMap(([path, content]) =>
    belief.written.get(path) === content && !wanted.has(path) && !isSound(path)
      ? [`${path} is not wanted any more`]
      : [],
  );
  return [...missing, ...lost, ...surplus, ...stale];
}
