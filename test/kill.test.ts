// A run is killed at any instant. The next install or uninstall makes the PBX whole, as before or as after: bytes, modes, owners.
// The suite takes some of the instants; DRILL=all takes every call that changes a file, and 200 random instants.
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { differences } from "../src/sandbox/demo/file-states.ts";
import {
  type Act,
  abreast,
  acts,
  callsOf,
  expectWhole,
  isWhole,
  layGround,
  putBack,
  relative,
  run,
  some,
  start,
} from "./drill.ts";

const ground = layGround();
const names = Object.keys(acts) as Act[];

/** Check reports an unfinished run, and changes nothing. */
async function expectOnlyTold(root: string): Promise<void> {
  const before = await relative(root);
  const isHalfDone = before.has("/var/lib/asterisk/smart-transfer/journal/journal.json");
  const { code, said } = await run(root, ["check"]);
  assert.ok([0, 3].includes(code ?? -1), said);
  assert.is(/fail +journal .*was killed half way/.test(said), isHalfDone, said);
  assert.equal(differences(before, await relative(root)), []);
}

for (const act of names) {
  test(`${act}, killed at a call that changes a file, or in the midst of a write: whole again`, async () => {
    const disk = await ground;
    const after = await disk.result(act);
    const calls = await callsOf(disk, act);
    let old = 0;
    await abreast(some(calls, 6), (call) =>
      disk.drill(act, async (root, before) => {
        const how = `${call % 2 === 0 ? "half" : "kill"}:${call}`;
        const killed = await run(root, acts[act].args, how);
        assert.is(killed.signal, "SIGKILL", `${act} ${how}: ${killed.said}`);
        // Sometimes the run that rolls back is killed as well.
        if (call % 3 === 0) await run(root, putBack, `kill:${1 + Math.floor(Math.random() * 60)}`);
        await expectOnlyTold(root);
        const next = await run(root, putBack);
        assert.ok([0, 2].includes(next.code ?? -1), next.said);
        await expectWhole(root, before, after, `${act} ${how}`);
        if (next.said.includes("was killed half way. Everything is as it was before.")) old++;
        // The PBX is whole if the same act now comes to its end.
        const again = await run(root, acts[act].args);
        assert.is(again.code, 0, again.said);
        await expectWhole(root, after, undefined, `${act} ${how}, done again`);
      }),
    );
    assert.ok(old > 0, "some were taken back");
  });
}

test("killed at any instant, by the clock", async () => {
  const disk = await ground;
  await abreast(
    Array.from({ length: isWhole ? 200 : 9 }, (_, index) => index),
    (index) => {
      const act = names[index % names.length] as Act;
      return disk.drill(act, async (root, before) => {
        const after = await disk.result(act);
        const running = start(root, acts[act].args);
        await sleep(100 + Math.random() * 400);
        running.kill("SIGKILL");
        await running;
        const next = await run(root, putBack);
        assert.ok([0, 2].includes(next.code ?? -1), next.said);
        await expectWhole(root, before, after, `${act} by the clock`);
      });
    },
  );
});

test("the ground is taken away", async () => {
  await (await ground).remove();
});

test.run();
