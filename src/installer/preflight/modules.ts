import type { TreeLine } from "../../asterisk/config-tree.ts";
import { loadingOf, neededModules } from "../../asterisk/modules.ts";
import { type Finding, note, refusal } from "./finding.ts";

/** What modules.conf, the module folder and the running Asterisk tell about modules. */
export interface ModuleState {
  readonly modulesConf: readonly TreeLine[];
  /** `undefined` if the folder cannot be read. */
  readonly present: ReadonlySet<string> | undefined;
  readonly running: ReadonlySet<string> | undefined;
}

/** Without autoload, the modules that our own file must load in addition to modules.conf. */
export function modulesToLoad({ modulesConf, running }: ModuleState): string[] {
  if (modulesConf.length === 0) return [];
  const loading = loadingOf(modulesConf);
  return neededModules(running).filter((module) => loading(module) === "left out");
}

/**
 * A module that is missing or has a noload line is the admin's decision, so this refuses. A module that is only left
 * out gets added.
 */
export function moduleFindings(inspection: ModuleState): Finding[] {
  const loading = loadingOf(inspection.modulesConf);
  const isThere = (module: string) => inspection.running?.has(module) || (inspection.present?.has(module) ?? true);
  const needed = neededModules(inspection.running);
  const absent = needed.filter((module) => !isThere(module));
  const refused = needed.flatMap((module) => {
    const said = loading(module);
    return typeof said === "object" ? [{ module, place: said.noload }] : [];
  });
  const added = modulesToLoad(inspection);
  return [
    ...absent.map((module) =>
      refusal(
        `This Asterisk has no ${module}.`,
        "Install what is missing (Debian: the package asterisk-modules; your own build: `make menuselect`), then run this again.",
      ),
    ),
    ...refused.map(({ module, place }) =>
      refusal(
        `${place} forbids ${module}, and this needs it.`,
        `Delete that line, run \`asterisk -rx 'module load ${module}'\`, then run this again.`,
      ),
    ),
    ...(added.length === 0 ? [] : [note(`modules.conf loads only what it names. Our line adds ${added.join(", ")}.`)]),
  ];
}
