import type { Belief } from "./belief.ts";
import { appliedOf, saidIn } from "./settings.ts";
import type { Main } from "./step.ts";
import { brokenLua, marksIn } from "./texts.ts";
import { own, settingsPath, type Tree, textAt } from "./tree.ts";

/** What `check` must find broken, by the names of its rows. */
export interface Word {
  readonly fails: readonly string[];
  /** Rows that nobody can foretell. */
  readonly open: readonly string[];
}

export function wordOn(belief: Belief, tree: Tree): Word {
  const { live, written, installed } = belief;
  const text = textAt(tree, settingsPath);
  const said = saidIn(text);
  const isAsWritten = (path: string) => written.has(path) && textAt(tree, path) === written.get(path);
  const generated = [...written.keys()].filter((path) => path.startsWith(`${own}/`) && !path.endsWith(".lua"));
  const marks = (main: Main) => marksIn(main, textAt(tree, `etc/${main}`) ?? "");
  const wantsLine = (main: Main) => main !== "pjsip.conf" || tree.has(`${own}/${main}`);
  const prompts = [...written.keys()].filter((path) => path.startsWith("sounds/en/"));
  const lua = textAt(tree, "etc/extensions.lua") ?? "";

  const rows: Readonly<Record<string, boolean>> = {
    modules: live["extensions.lua"] === "unloaded",
    settings: text === undefined || said.hasFault,
    dialplan: installed !== "now" || !isAsWritten(`${own}/dialplan.lua`),
    generated: installed !== "now" || !generated.every(isAsWritten) || appliedOf(said) !== belief.applied,
    includes: (["features.conf", "extensions.conf", "pjsip.conf"] as const).some(
      (main) => wantsLine(main) && marks(main) === 0,
    ),
    loader: marks("extensions.lua") !== 1 || lua.includes(brokenLua),
    contexts: live["extensions.lua"] !== "with us" || !live["extensions.conf"],
    key: live["features.conf"] !== said.key,
    endpoints: said.extensions.some((number) => !live["pjsip.conf"].split(",").includes(number)),
    prompts: installed === "no" || !prompts.every((path) => tree.has(path)),
  };
  const readBy: Readonly<Record<Main, readonly string[]>> = {
    "features.conf": ["key"],
    "extensions.conf": ["contexts"],
    "pjsip.conf": ["endpoints"],
    "extensions.lua": ["contexts", "modules"],
  };
  const fails = Object.keys(rows).filter((row) => rows[row]);
  // A former version's files are not this one's: only that this is seen can be foretold.
  const open =
    installed === "former"
      ? Object.keys(rows).filter((row) => row !== "dialplan")
      : [...belief.unsure].flatMap((main) => readBy[main]);
  return { fails: fails.filter((row) => !open.includes(row)), open };
}

/** What is wrong with what `check` says. */
export function faultsOfWord({ fails, open }: Word, said: readonly string[]): string[] {
  const missed = fails.filter((row) => !said.includes(row));
  const made = said.filter((row) => !fails.includes(row) && !open.includes(row));
  return [
    ...(missed.length === 0 ? [] : [`check does not say that this is broken: ${missed.join(", ")}`]),
    ...(made.length === 0 ? [] : [`check says that this is broken: ${made.join(", ")}`]),
  ];
}
