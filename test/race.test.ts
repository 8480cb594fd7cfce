// Nor does a race give Asterisk's user anything. The suite has each racer run for a while; DRILL=all for 500 runs of root's.
import { test } from "uvu";
import "./as-root.ts";
import { isWhole } from "./drill.ts";
import { racer } from "./racer.ts";
import { commands, namesOf, onGround, uid } from "./theirs.ts";

for (const kind of ["rename", "link", "folder"] as const) {
  test(`a race by ${kind}, against install, check and uninstall`, () =>
    onGround(async (ground) => {
      const names = await namesOf(ground);
      const stop = racer(kind, ground.root, names, uid);
      let worked = 0;
      try {
        for (let count = 0; count < (isWhole ? 500 : 6); count++) {
          const { code, said } = await ground.run(commands[count % commands.length] as string[]);
          if (code === 0) worked++;
          await ground.expectNothingGained(`${kind} ${count}: ${said}`);
        }
      } finally {
        await stop();
      }
      console.log(`${kind}: ${worked} runs ended well`);
    }));
}

test.run();
