import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { differences, fileStates } from "../src/sandbox/demo/file-states.ts";
import { installedIn, type Live } from "./live.ts";
import { type NodeName, type Offices, seesOthers, startOffices } from "./two-nodes.ts";

const look = ({ pbx }: Pick<Live, "pbx">) =>
  fileStates(pbx.etcDir, join(pbx.dataDir, "sounds"), join(pbx.folder, "lib"));

interface Check {
  readonly checks: readonly { readonly id: string; readonly status: string; readonly seen: string }[];
}

/** What `check` says of a node, or of another one seen from there. */
async function said(live: Live, id: string): Promise<string> {
  const { stdout } = await live.run("check", "--json", "--no-rehearsal");
  const { checks } = JSON.parse(stdout) as Check;
  const found = checks.find((one) => one.id === id);
  return found === undefined ? "" : `${found.status}: ${found.seen}`;
}

const started: Offices[] = [];
async function twoOffices(options: Parameters<typeof startOffices>[0] = {}) {
  const offices = await startOffices(options);
  started.push(offices);
  const office = (name: NodeName) => {
    const found = offices.offices.get(name);
    if (found === undefined) throw new Error(`no office ${name}`);
    return found;
  };
  const install = (name: NodeName) => installedIn(office(name), "--settings", offices.settingsFile, "--node", name);
  return { ...offices, office, install };
}

for (const [first, second] of [
  ["a", "b"],
  ["b", "a"],
] as const) {
  test(`one node after the other, ${first} first, and both out again to the byte`, async () => {
    const { office, install, settings, stop } = await twoOffices();
    const before = { [first]: await look(office(first)), [second]: await look(office(second)) };
    const one = await install(first);
    // The other one's Asterisk answers, but does not know this node yet: no fault, or no node could be the first.
    assert.match(await said(one, `node ${second}`), /^warn: .*but it does not take us for a node$/);
    const other = await install(second);
    await Promise.all([seesOthers(first, one, ["a", "b"]), seesOthers(second, other, ["a", "b"])]);
    for (const [live, self, peer] of [
      [one, first, second],
      [other, second, first],
    ] as const) {
      assert.is(await said(live, "node"), `pass: ${self}, one of 2, with 3 of the 6 extensions`);
      assert.match(
        await said(live, `node ${peer}`),
        /^pass: reachable at [\d.]+ in [\d.]+ ms, with the same smart_tra/,
      );
      assert.is(await readFile(join(live.pbx.etcDir, "smart_transfer.conf"), "latin1"), settings);
      const again = await live.run("install", "--yes");
      assert.match(again.stdout, /^Nothing to do/, again.stdout + again.stderr);
      await live.mark();
      assert.match(await said(live, `node ${peer}`), /^pass: /);
      await live.clean();
    }
    for (const live of [one, other]) {
      const { code, stdout, stderr } = await live.run("uninstall", "--yes");
      assert.is(code, 0, stdout + stderr);
    }
    for (const name of [first, second])
      assert.equal(differences(before[name] ?? new Map(), await look(office(name))), [], name);
    await stop();
  });
}

test("a node with other settings is named, and one that is down is a warning", async () => {
  const { install, office, stop } = await twoOffices();
  const [a, b] = [await install("a"), await install("b")];
  await seesOthers("a", a, ["a", "b"]);
  const file = join(b.pbx.etcDir, "smart_transfer.conf");
  await writeFile(file, (await readFile(file, "latin1")).replace("ring_timeout = 1", "ring_timeout = 2"), "latin1");
  assert.match(await said(a, "node b"), /^warn: .* ms, with another smart_transfer\.conf than this one$/);
  assert.match(await said(b, "node a"), /^warn: .*another smart_transfer\.conf/);
  process.kill(office("b").pbx.pid, "SIGKILL");
  const deadline = Date.now() + 15_000;
  let seen = "";
  while (!seen.startsWith("warn: nobody answers at 127.0.0.3") && Date.now() < deadline) seen = await said(a, "node b");
  assert.is(seen, "warn: nobody answers at 127.0.0.3: it is down, or not reachable");
  assert.is((await a.run("check", "--no-rehearsal")).code, 0);
  await stop();
});

test("with a password between them, and only with the same one", async () => {
  const { install, stop, settings } = await twoOffices({ general: { peer_password: "s3cret" } });
  const [a, b] = [await install("a"), await install("b")];
  await Promise.all([seesOthers("a", a, ["a", "b"]), seesOthers("b", b, ["a", "b"])]);
  assert.match(await said(a, "node b"), /^pass: /);
  assert.match(await said(b, "node a"), /^pass: /);
  const file = join(b.pbx.etcDir, "smart_transfer.conf");
  await writeFile(file, settings.replace("s3cret", "other"), "latin1");
  assert.is((await b.run("install", "--yes")).code, 0);
  assert.match(await said(a, "node b"), /^warn: .*but it does not take us for a node$/);
  await stop();
});

test("an Asterisk 16 beside a 22", async () => {
  const { install, stop } = await twoOffices({ suites: { b: "bullseye" } });
  const [b, a] = [await install("b"), await install("a")];
  await Promise.all([seesOthers("a", a, ["a", "b"]), seesOthers("b", b, ["a", "b"])]);
  assert.match(await said(a, "node b"), /^pass: .*with the same smart_transfer\.conf$/);
  assert.match(await said(b, "node a"), /^pass: .*with the same smart_transfer\.conf$/);
  await stop();
});

test("every office is closed", async () => {
  for (const { stop } of started) await stop();
});

test.run();
