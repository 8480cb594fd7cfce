import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Live } from "./live.ts";
import { type NodeName, said, seesOthers, stopAll, uninstalled } from "./two-nodes.ts";

test("with a password between them, and only with the same one", async () => {
  const { install, stop, settings } = await uninstalled({ general: { peer_password: "s3cret" } });
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

test("trunks with TLS, by a transport of the admin's", async () => {
  const { install, stop } = await uninstalled({ tls: true, general: { peer_password: "s3cret" } });
  const [a, b] = [await install("a"), await install("b")];
  await Promise.all([seesOthers("a", a, ["a", "b"]), seesOthers("b", b, ["a", "b"])]);
  assert.match(await a.pbx.cli("pjsip show endpoint smart-transfer-b"), /Contact: .*;trans/);
  assert.match(await said(a, "node b"), /^pass: /);
  assert.match(await said(b, "node a"), /^pass: /);
  await stop();
});

test("three nodes, each of which sees the two others", async () => {
  const { install, stop } = await uninstalled({ nodes: ["a", "b", "c"] });
  const lives = new Map<NodeName, Live>();
  for (const name of ["c", "a", "b"] as const) lives.set(name, await install(name));
  for (const [name, live] of lives) {
    await seesOthers(name, live, ["a", "b", "c"]);
    for (const other of ["a", "b", "c"].filter((one) => one !== name))
      assert.match(await said(live, `node ${other}`), /^pass: /, `${name} of ${other}`);
  }
  await stop();
});

test("an Asterisk 16 beside a 22", async () => {
  const { install, stop } = await uninstalled({ suites: { b: "bullseye" } });
  const [b, a] = [await install("b"), await install("a")];
  await Promise.all([seesOthers("a", a, ["a", "b"]), seesOthers("b", b, ["a", "b"])]);
  assert.match(await said(a, "node b"), /^pass: .*with the same smart_transfer\.conf$/);
  assert.match(await said(b, "node a"), /^pass: .*with the same smart_transfer\.conf$/);
  await stop();
});

test("every office is closed", stopAll);

test.run();
