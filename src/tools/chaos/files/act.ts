import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Belief, noteInstall, noteRead, noteUninstall, readNow } from "./belief.ts";
import { faultsAfterInstall } from "./installed.ts";
import { editedSettings, optionsFor, wished } from "./settings.ts";
import type { FileSite, Ran } from "./site.ts";
import { type Edit, mains, readers, type Step, type Wish } from "./step.ts";
import { brokenLua, editedByHand, marksIn } from "./texts.ts";
import { differencesOf, own, settingsPath, type Tree, textAt } from "./tree.ts";
import { faultsAfterUninstall } from "./uninstalled.ts";
import { faultsOfWord, wordOn } from "./word.ts";

const prompt = "sounds/en/smart-transfer/dial.gsm";
const firstPeople = "101-103";

/** A run of the command: `usual` is how long it takes, in ms, as the last one of its kind did. */
export interface Run {
  readonly run: "install" | "uninstall";
  readonly wish: Wish;
}

/** Does what the steps say on a PBX, and tells what went wrong, a sentence each. */
export class Actor {
  /** How long a run takes, in ms. */
  private usual = { install: 2000, uninstall: 2000 };
  private edits = 0;

  constructor(
    private readonly site: FileSite,
    readonly belief: Belief,
  ) {}

  /** `undefined` if the step says nothing here: there is nothing to edit, or nothing to upgrade from. */
  async act(step: Step): Promise<string[] | undefined> {
    const { site, belief } = this;
    const tree = site.tree();
    switch (step.does) {
      case "installs":
        return this.run({ run: "install", wish: step.wish }, tree);
      case "uninstalls":
        return this.run({ run: "uninstall", wish: {} }, tree);
      case "installs the former version":
        return this.former(tree);
      case "kills":
        return this.kill(step, tree);
      case "reloads":
        if (step.main === "extensions.lua" && belief.live["extensions.lua"] === "unloaded") return undefined;
        await site.reload(readers[step.main]);
        noteRead(belief, tree, [step.main]);
        return [];
      case "edits":
        return this.edit(step, tree) ? [] : undefined;
      case "edits the settings": {
        const text = textAt(tree, settingsPath);
        if (text === undefined) return undefined;
        site.write(settingsPath, editedSettings(text, step.to, step.value, this.words()));
        return [];
      }
      case "edits ours": {
        const path = `${own}/${step.name}`;
        const text = textAt(tree, path);
        if (text === undefined || belief.installed === "no") return undefined;
        const comment = path.endsWith(".lua") ? "--" : ";";
        site.write(path, step.how === "is deleted" ? undefined : `${text}${comment} ${this.words()}\n`);
        return [];
      }
      case "adds a file":
        if (!tree.has(own)) return undefined;
        site.write(`${own}/notes.txt`, this.words());
        return [];
      case "loses the manifest":
        if (belief.installed !== "now" || !belief.hasManifest) return undefined;
        for (const folder of site.stateFolders()) rmSync(join(folder, "manifest.json"), { force: true });
        belief.hasManifest = false;
        return [];
      case "deletes a prompt":
      case "records a prompt":
        if (!tree.has(prompt)) return undefined;
        site.write(prompt, step.does === "deletes a prompt" ? undefined : this.words().padEnd(330));
        return [];
    }
  }

  private words(): string {
    this.edits += 1;
    return `by hand, edit ${this.edits}`;
  }

  /** Edits one of the admin's files. */
  private edit({ main, how, where }: Edit, tree: Tree): boolean {
    const text = textAt(tree, `etc/${main}`);
    if (text === undefined) return false;
    const both = { text, theirs: this.belief.theirs.get(main) ?? "" };
    const edited = editedByHand(main, how, both, where, this.words());
    if (edited === undefined || edited.text === text) return false;
    this.site.write(`etc/${main}`, edited.text);
    // A file that we made is ours again when nothing of theirs is left in it.
    const isOurs = this.belief.made.has(main) && edited.theirs === "";
    this.belief.theirs.set(main, isOurs ? undefined : edited.theirs);
    return true;
  }

  /** A run that nothing hinders. */
  private async run(run: Run, before: Tree): Promise<string[]> {
    const ran = await this.site.run(argumentsOf(run));
    this.usual[run.run] = ran.took;
    return this.ended(run, ran, before);
  }

  /** Judges a run that came to its end. */
  private ended(run: Run, ran: Ran, before: Tree): string[] {
    const after = this.site.tree();
    const isAsItWas = () => differencesOf(before, after).map((one) => `though it was refused: ${one}`);
    if (this.isRefused(run, before)) {
      return ran.code === 1 ? isAsItWas() : [`${run.run} should be refused, and ended with ${ran.code}: ${ran.said}`];
    }
    if (run.run === "uninstall" && !this.isSeen(before)) {
      return ran.code === 0 ? isAsItWas() : [`uninstall of nothing ended with ${ran.code}: ${ran.said}`];
    }
    const faults = this.faultsOf(run, before, after);
    this.note(run, before, after);
    const { fails, open } = wordOn(this.belief, after);
    const code = run.run === "install" && fails.length > 0 ? 3 : 0;
    const isExpected = ran.code === code || (open.length > 0 && ran.code === 3);
    return [...faults, ...(isExpected ? [] : [`${run.run} ended with ${ran.code}, not ${code}: ${ran.said}`])];
  }

  private faultsOf({ run, wish }: Run, before: Tree, after: Tree): string[] {
    return run === "install"
      ? faultsAfterInstall(this.belief, before, after, wish)
      : faultsAfterUninstall(this.belief, before, after);
  }

  private note({ run }: Run, before: Tree, after: Tree): void {
    if (run === "install") noteInstall(this.belief, before, after, "now");
    else noteUninstall(this.belief, before, after);
  }

  /** Faults in files that a run must read, or have read, keep it from changing anything. */
  private isRefused({ run, wish }: Run, before: Tree): boolean {
    const lua = textAt(before, "etc/extensions.lua") ?? "";
    if (run === "install") return lua.includes(brokenLua) || wished(textAt(before, settingsPath), wish).hasFault;
    return lua.includes(brokenLua) && marksIn("extensions.lua", lua) > 0;
  }

  /** Whether anything tells an uninstall that we are here. */
  private isSeen(tree: Tree): boolean {
    return this.belief.hasManifest || mains.some((main) => marksIn(main, textAt(tree, `etc/${main}`) ?? "") > 0);
  }

  private async former(before: Tree): Promise<string[] | undefined> {
    const { site, belief } = this;
    const isBroken = (textAt(before, "etc/extensions.lua") ?? "").includes(brokenLua);
    const isTouched = belief.installed !== "no" || before.has(settingsPath) || this.isSeen(before) || isBroken;
    if (!site.hasFormer || isTouched) return undefined;
    const { code, said } = await site.runFormer(["install", "--yes", "--extensions", firstPeople, "--no-rehearsal"]);
    if (code !== 0) return [`the former version's install ended with ${code}: ${said}`];
    noteInstall(belief, before, site.tree(), "former");
    return [];
  }

  /** Kills a run, has the next one take it back, and looks whether all is old or new. */
  private async kill(
    { run, wish, at, edit }: Extract<Step, { does: "kills" }>,
    before: Tree,
  ): Promise<string[] | undefined> {
    const { site, belief } = this;
    const which = { run, wish };
    if (this.isRefused(which, before)) return undefined;
    const ran = await site.run(argumentsOf(which), at * this.usual[run]);
    if (!ran.isKilled) return this.ended(which, ran, before);
    const half = site.tree();
    const { code, fails, said } = await site.check();
    const isHalfDone = fails.includes("journal");
    const told = isHalfDone && code !== 3 ? [`check ended with ${code} after a kill: ${said}`] : [];
    const isUntouched = differencesOf(half, site.tree()).length === 0 ? [] : ["check changed something after a kill"];
    const isEdited = edit !== undefined && this.edit(edit, half);

    const takenBack = await site.run(["uninstall"]);
    const after = site.tree();
    const ended = [0, 2].includes(takenBack.code ?? -1)
      ? []
      : [`the next run ended with ${takenBack.code}: ${takenBack.said}`];
    const old = new Map(before);
    const path = `etc/${edit?.main}`;
    const now = after.get(path);
    if (isEdited && now) old.set(path, { kind: half.get(path)?.kind ?? now.kind, content: now.content });
    const fromOld = differencesOf(old, after);
    const faults = [...told, ...isUntouched, ...ended];
    if (fromOld.length === 0 || isHalfDone) {
      const isSure = (main: (typeof mains)[number]) => readNow(main, after, belief.live) === belief.live[main];
      for (const main of mains) if (!isSure(main)) belief.unsure.add(main);
      return [...faults, ...fromOld.map((one) => `after a kill: ${one}`)];
    }
    const fromNew = this.faultsOf(which, before, after);
    this.note(which, before, after);
    return [...faults, ...fromNew.map((one) => `after a kill, neither old (${fromOld[0]}) nor new: ${one}`)];
  }

  /** Whether `check` agrees with what is known, and changes nothing. */
  async ask(): Promise<string[]> {
    const tree = this.site.tree();
    const { code, fails, said, seen } = await this.site.check();
    const word = wordOn(this.belief, tree);
    return [
      ...faultsOfWord(word, fails).map((fault) => `${fault} (it says: ${seen.join("; ")})`),
      ...(code === (fails.length > 0 ? 3 : 0) ? [] : [`check ended with ${code}: ${said}`]),
      ...differencesOf(tree, this.site.tree()).map((one) => `check has changed something: ${one}`),
    ];
  }
}

function argumentsOf({ run, wish }: Run): string[] {
  return run === "install" ? ["install", "--yes", "--no-rehearsal", ...optionsFor(wish)] : ["uninstall", "--yes"];
}
