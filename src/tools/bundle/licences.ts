import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The licences of all bundled packages as a comment, because their terms require it. Lists packages with the same terms
 * together, with their owners, above one copy of the terms.
 *
 * @param top the project's folder
 * @param inputs the bundled files, relative to it
 * @param more other licences to include
 */
export function licenceComment(top: string, inputs: readonly string[], more: string): string {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path) ?? []));
  const byTerms = new Map<string, { packages: string[]; terms: string }>();
  for (const folder of [...folders].sort()) {
    const text = licenceIn(join(top, folder), folder);
    // MIT and BSD licences name the owner before the terms, Apache after them.
    const start = Math.max(0, text.search(/^(Permission|Redistribution)/m));
    const owners = text.match(/^.*(copyright (\(c\) |\d).*|all rights.*)$/gim) ?? [];
    const terms = text.slice(start).trim();
    const group = byTerms.get(words(terms)) ?? { packages: [], terms };
    group.packages.push(`${folder.replace(/^.*node_modules\//, "")}: ${owners.map(words).join("; ")}`);
    byTerms.set(words(terms), group);
  }
  const texts = [...byTerms.values()].map(({ packages, terms }) => `${packages.join("\n")}\n\n${terms}`);
  return `\n/*\nBundled with this program:\n\n${[...texts, more].join("\n\n").replaceAll("*/", "* /")}\n*/\n`;
}

function licenceIn(folder: string, name: string): string {
  const file = readdirSync(folder).find((one) => /^licen[cs]e(\.(md|txt))?$/i.test(one));
  if (file === undefined) throw new Error(`${name} has no licence to pass on`);
  return readFileSync(join(folder, file), "utf8");
}

function words(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}
