export const isRoot = process.getuid?.() === 0;

/** Says loudly what cannot be tried without root. `.ci/run` runs each file that imports this as root too. */
export function mayOnlyRoot(what: string): boolean {
  if (!isRoot) console.log(`\nSKIPPED: only root may ${what}`);
  return isRoot;
}
