/**
 * Each one looked at costs a connection to the control socket. This many reveal a fault of all, and of most groups.
 */
const mostLookedAt = 40;
const abreast = 4;

/** Picks a sample that is spread over the whole directory. */
export function spread<T>(all: readonly T[]): T[] {
  const step = Math.max(1, Math.ceil(all.length / mostLookedAt));
  return all.filter((_, index) => index % step === 0);
}

/** Filters by an asynchronous test, a few at a time. */
export async function keep<T>(all: readonly T[], test: (one: T) => Promise<boolean>): Promise<T[]> {
  const kept: T[] = [];
  const queue = [...all];
  const next = async () => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) if (await test(one)) kept.push(one);
  };
  await Promise.all(Array.from({ length: abreast }, next));
  return kept;
}
