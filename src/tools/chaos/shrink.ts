import type { CallStory, Happening, Story } from "./story.ts";

/** Whether a story still fails: whether the same rule is broken when it is played again. */
export type Fails = (story: Story) => Promise<boolean>;

/**
 * The shortest part of a story that still fails, by leaving out calls, then what happens beside them, then what their people do.
 * Each try is a story played in real time, so there are at most so many.
 *
 * @param call the call in which the rule was broken; 0 for none
 */
export async function shrunk(story: Story, call: number, fails: Fails, tries: number): Promise<Story> {
  let left = tries;
  let best = story;
  const improves = async (shorter: Story): Promise<boolean> => {
    if (left <= 0) return false;
    left -= 1;
    const candidate = fromItsBeginning(shorter);
    if (!(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  // Mostly one call is enough, or that one with those that it met.
  const own = story.calls.filter(({ number }) => number === call);
  const [it] = own;
  if (it === undefined || !(await improves({ calls: own, happenings: [] }))) {
    if (it !== undefined) await improves(near(story, it));
    await halves(
      () => best.calls,
      (calls) => improves({ ...best, calls }),
    );
    await halves(
      () => best.happenings,
      (happenings) => improves({ ...best, happenings }),
    );
  }
  for (const part of parts) {
    for (const { number } of best.calls) {
      const without = (one: CallStory) => (one.number === number ? { ...one, [part]: [] } : one);
      const now = best.calls.find((one) => one.number === number);
      if (now !== undefined && now[part].length > 0) await improves({ ...best, calls: best.calls.map(without) });
    }
  }
  return best;
}

const parts = ["waits", "reactions", "talks"] as const;

/** How long before a call others may have begun that it met, and how long after, in ms. */
const before = 30_000;
const after = 40_000;

function near({ calls, happenings }: Story, { at }: CallStory): Story {
  const isNear = (one: CallStory | Happening) => one.at > at - before && one.at < at + after;
  return { calls: calls.filter(isNear), happenings: happenings.filter(isNear) };
}

/** Leaves out halves, then quarters and so on, as long as it fails without them (delta debugging). */
async function halves<T>(all: () => readonly T[], improves: (rest: readonly T[]) => Promise<boolean>): Promise<void> {
  for (let size = Math.ceil(all().length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < all().length; ) {
      const rest = [...all().slice(0, from), ...all().slice(from + size)];
      if (rest.length === all().length || !(await improves(rest))) from += size;
    }
  }
}

/** So that nobody waits for what is left out. */
function fromItsBeginning({ calls, happenings }: Story): Story {
  const began = Math.min(...[...calls, ...happenings].map(({ at }) => at));
  const earlier = <T extends { readonly at: number }>(one: T): T => ({ ...one, at: one.at - began });
  return { calls: calls.map(earlier), happenings: happenings.map(earlier) };
}
