import { dice } from "../dice.ts";
import { type Edit, type Ground, mains, ownEdits, type Sequence, type Step, settingsEdits, type Wish } from "./step.ts";
import { handEdits } from "./texts.ts";

const ownNames = ["dialplan.lua", "directory.conf", "extensions.conf", "features.conf", "pjsip.conf", "pjsip-101.conf"];
const fewest = 5;
const more = 5;

/** A sequence of a seed: always the same one. */
export function sequenceOf(seed: number): Sequence {
  const random = dice(seed * 7919 + 17);
  // The first numbers of neighbouring seeds are neighbours.
  for (let warm = 0; warm < 8; warm++) random.next();
  const { next, below, one } = random;

  const wish = (): Wish => ({
    ...(next() < 0.4 ? { extensions: one(["101-103", "101-102", "101,103-104", "102-104"]) } : {}),
    ...(next() < 0.3 ? { key: one(["*7", "*8", "#"]) } : {}),
    ...(next() < 0.3 ? { ring: one(["15", "20", "25"]) } : {}),
  });
  const edit = (): Edit => ({ does: "edits", main: one(mains), how: one(handEdits), where: next() });
  const kill = (): Step => ({
    does: "kills",
    run: next() < 0.6 ? "install" : "uninstall",
    wish: wish(),
    at: 0.1 + 0.9 * next(),
    ...(next() < 0.3 ? { edit: edit() } : {}),
  });
  const kinds: readonly (readonly [weight: number, make: () => Step])[] = [
    [22, () => ({ does: "installs", wish: wish() })],
    [9, () => ({ does: "uninstalls" })],
    [5, () => ({ does: "installs the former version" })],
    [14, kill],
    [8, () => ({ does: "reloads", main: one(mains) })],
    [20, edit],
    [9, () => ({ does: "edits the settings", to: one(settingsEdits), value: one(["*7", "*8", "15", "25"]) })],
    [7, () => ({ does: "edits ours", name: one(ownNames), how: one(ownEdits) })],
    [1, () => ({ does: "adds a file" })],
    [2, () => ({ does: "loses the manifest" })],
    [3, () => ({ does: one(["deletes a prompt", "records a prompt"]) })],
  ];
  const step = (): Step => {
    let at = next() * kinds.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, make] of kinds) {
      at -= weight;
      if (at < 0) return make();
    }
    return edit();
  };
  const first = (): Step => {
    const roll = next();
    if (roll < 0.55) return { does: "installs", wish: wish() };
    return roll < 0.85 ? { does: "installs the former version" } : step();
  };
  const kindOf = (): Ground["files"]["features.conf"] => one(["usual", "usual", "usual", "CRLF", "open"]);
  const ground: Ground = {
    isAsterisks: next() < 0.5,
    files: {
      "features.conf": next() < 0.2 ? "link" : kindOf(),
      "extensions.conf": kindOf(),
      "pjsip.conf": kindOf(),
      "extensions.lua": next() < 0.3 ? "missing" : kindOf(),
    },
    isTaken: next() < 0.15,
  };
  const count = fewest + below(more + 1);
  return { seed, ground, steps: [first(), ...Array.from({ length: count - 1 }, step)] };
}
