import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Back, back, type OneOf } from "../src/installer/ask/asker.ts";
import { askNode } from "../src/installer/ask/node.ts";
import { contactIn } from "../src/installer/check/hello.ts";
import type { Context } from "../src/installer/commands/command.ts";
import type { SurveyedPbx } from "../src/installer/commands/pbx.ts";
import { prepare } from "../src/installer/commands/prepare.ts";
import { generatedFiles } from "../src/installer/plan/generated.ts";
import { planInstall, planUninstall } from "../src/installer/plan/plan.ts";
import type { Snapshot } from "../src/installer/plan/snapshot.ts";
import { settingsFindings } from "../src/installer/preflight/checks.ts";
import { endpointGeneratorFindings } from "../src/installer/preflight/generators.ts";
import { type Inspection, inspect } from "../src/installer/preflight/inspection.ts";
import { nodeFindings } from "../src/installer/preflight/nodes.ts";
import { withTrunkFiles } from "../src/installer/preflight/trunk-files.ts";
import { keptNode, whichNode } from "../src/installer/preflight/which-node.ts";
import type { Answers } from "../src/installer/settings/document.ts";
import { parseExtensions } from "../src/installer/settings/extensions.ts";
import { readSettings, type Settings } from "../src/installer/settings/model.ts";
import { Problem } from "../src/terminal/problem.ts";
import { contents, directories, memory, perform, shipped, snapshotOf, withLua } from "./snapshot.ts";

const { etc } = directories;
const homes = "[101]\ndevice = PJSIP/101\nnode = a\n[201]\ndevice = PJSIP/201\nnode = b\n";
const shared = (nodes: string, general = "") => `[general]\n${general}[nodes]\n${nodes}${homes}`;
const two = "a = 10.99.0.1\nb = 10.99.0.2:5062\n";
const settingsOf = (nodes: string, general = "", self = "a"): Settings => ({
  ...readSettings(shared(nodes, general), "x.conf"),
  self,
});
const trunksOf = (settings: Settings, transports?: Snapshot["transports"]) =>
  generatedFiles(settings, shipped, transports && { transports }).get("pjsip-nodes.conf");

test("a trunk to each other node, identified by address alone", () => {
  assert.is(
    trunksOf(settingsOf(two))?.replace(/^;.*\n/, ""),
    `
[smart-transfer-b]
type = endpoint
context = smart-transfer-peer
identify_by = ip
disallow = all
allow = ulaw,alaw
direct_media = no
media_address = 10.99.0.1
trust_id_inbound = yes
trust_id_outbound = yes
send_pai = yes
rtp_timeout = 30
aors = smart-transfer-b

[smart-transfer-b]
type = aor
contact = sip:10.99.0.2:5062
qualify_frequency = 5
qualify_timeout = 1

[smart-transfer-b]
type = identify
endpoint = smart-transfer-b
match = 10.99.0.2
`,
  );
});

test("n nodes: n - 1 trunks, none of this node to itself, and none where the admin has one", () => {
  const of = (nodes: string, self: string) =>
    [...(trunksOf(settingsOf(nodes, "", self)) ?? "").matchAll(/^\[(.+)\]\ntype = endpoint$/gm)].map(
      ([, name]) => name,
    );
  const three = `${two}c = 10.99.0.3\n`;
  assert.equal(of(three, "a"), ["smart-transfer-b", "smart-transfer-c"]);
  assert.equal(of(three, "c"), ["smart-transfer-a", "smart-transfer-b"]);
  assert.equal(of(three.replace("10.99.0.3", "@to-c"), "a"), ["smart-transfer-b"]);
  assert.is(trunksOf(settingsOf("a = 10.99.0.1\nb = @to-b\n")), undefined);
});

test("a password proves both to each other, and no semicolon begins a comment", () => {
  const text = trunksOf(
    settingsOf("a = [2001:db8::1]\nb = [2001:db8::2]:5061\n", "peer_password = s3cret\npeer_transport = tls\n"),
    new Map([["tls", "tls"]]),
  );
  assert.match(text ?? "", "\ncontact = sip:[2001:db8::2]:5061\\;transport=tls\n");
  assert.match(text ?? "", "\nmatch = 2001:db8::2\n");
  assert.match(text ?? "", "\ntransport = tls\nauth = smart-transfer-b\noutbound_auth = smart-transfer-b\n");
  assert.match(text ?? "", "\ntype = auth\nauth_type = userpass\nusername = smart-transfer\npassword = s3cret\n");
});

test("an endpoint called nodes has a file of its own beside that of the trunks", () => {
  const text = shared(two).replace("PJSIP/101", "PJSIP/nodes");
  const files = generatedFiles({ ...readSettings(text, "x.conf"), self: "a" }, shipped);
  assert.match(files.get("pjsip-nodes.conf") ?? "", "smart-transfer-b");
  assert.match(files.get("pjsip-nodes-.conf") ?? "", "[nodes](+type=endpoint)");
  assert.match(files.get("pjsip.conf") ?? "", 'pjsip-nodes.conf"\n#tryinclude "smart_transfer.d/pjsip-nodes-.conf"');
});

const admins = {
  [`${etc}/extensions.conf`]: "[internal]\nexten => 100,1,Answer\n",
  [`${etc}/features.conf`]: "[general]\n",
  [`${etc}/pjsip.conf`]: "[101]\ntype = endpoint\n",
};

function installed(snapshot: Snapshot, text: string, self?: string): Snapshot {
  const settings = { ...readSettings(text, "x.conf"), ...(self === undefined ? {} : { self }) };
  return perform(snapshot, planInstall(snapshot, text, settings, shipped, ["en"]));
}

test("the trunks are included, this node is kept in the index alone, and an uninstall gives every byte back", () => {
  const before = snapshotOf(admins);
  const after = installed(before, shared(two), "b");
  assert.is(keptNode(after), "b");
  assert.is(after.files.get(`${etc}/smart_transfer.conf`)?.content.toString(), shared(two));
  assert.match(
    after.files.get(`${etc}/pjsip.conf`)?.content.toString() ?? "",
    'tryinclude "smart_transfer.d/pjsip.conf"',
  );
  assert.equal(contents(perform(after, planUninstall(after))), contents(before));
});

test("an installation without nodes takes them up, and loses them, and is then as it was", () => {
  const alone = homes.replaceAll(/node = .\n/g, "").replace(/\[201\][^[]*/, "");
  const first = installed(snapshotOf(admins), alone);
  const joined = installed(first, shared(two), "a");
  assert.ok(joined.files.has(`${etc}/smart_transfer.d/pjsip-nodes.conf`));
  assert.match(joined.files.get(`${etc}/extensions.lua`)?.content.toString() ?? "", "smart-transfer-at-home");
  assert.equal(contents(installed(joined, alone)), contents(first));
});

test("which node this is: the option, else the one address that is this machine's, else what was kept", () => {
  const { nodes } = readSettings(shared(`${two}c = @to-c\n`), "x.conf");
  const signs = { option: undefined, addresses: ["127.0.0.1", "10.99.0.2"], kept: undefined };
  assert.is(whichNode(nodes, signs), "b");
  assert.is(whichNode(nodes, { ...signs, option: "c" }), "c");
  // Another machine starts with a copy of a's disk.
  assert.is(whichNode(nodes, { ...signs, kept: "a" }), "b");
  assert.is(whichNode(nodes, { ...signs, addresses: ["172.17.0.2"], kept: "a" }), "a");
  assert.is(whichNode(nodes, { ...signs, addresses: ["10.99.0.1", "10.99.0.2"] }), undefined);
  assert.is(whichNode(nodes, { ...signs, addresses: [], kept: "gone" }), undefined);
  for (const [some, option] of [
    [nodes, "d"],
    [[], "a"],
  ] as const)
    assert.throws(
      () => whichNode(some, { ...signs, option }),
      (error: Problem) =>
        error instanceof Problem && error.code === 2 && error.message.startsWith(`--node ${option}: `),
    );
});

async function inspected(
  pjsip: string,
  settings: Settings,
  modules: ReadonlySet<string> = running,
  more: Record<string, string> = {},
): Promise<Inspection> {
  const files = { ...admins, [`${etc}/pjsip.conf`]: pjsip, ...more };
  const system = memory(files);
  const snapshot = snapshotOf(files, modules);
  const own = await import("../src/asterisk/endpoints.ts").then((one) => one.ownEndpoints(system, etc, "/none"));
  const found = await inspect(
    { system, directories, cli: undefined },
    Promise.resolve({ ...snapshot, endpoints: own }),
  );
  return withTrunkFiles(found, settings, { system, directories });
}
const running = new Set([...withLua, "chan_pjsip.so", "res_pjsip_endpoint_identifier_ip.so"]);
const phone = "[101]\ntype = endpoint\n";

const clashes: readonly [title: string, pjsip: string, line: number, endpoint: string][] = [
  ["an identify", `${phone}[x]\ntype = identify\nendpoint = nodeB\nmatch = 10.99.0.2\n`, 6, "nodeB"],
  ["one of several addresses", `${phone}[x]\ntype=identify\nmatch = pbx.example, 10.99.0.2:5060\n`, 5, "x"],
  ["a network", `${phone}[x]\ntype=identify\nmatch = 10.99.0.0/16\nendpoint = lan\n`, 5, "lan"],
  ["a network with its mask", `${phone}[x]\ntype=identify\nmatch = 10.99.0.0/255.255.255.0\n`, 5, "x"],
];
for (const [title, pjsip, line, endpoint] of clashes) {
  test(`an address that is taken already is refused: ${title}`, async () => {
    const settings = settingsOf(two);
    const [first, ...others] = nodeFindings(await inspected(pjsip, settings), settings);
    assert.is(others.length, 0);
    assert.is(first?.kind, "refusal");
    assert.is(
      first?.says,
      `${etc}/pjsip.conf, line ${line}: what comes from 10.99.0.2, the address of node b, is already taken for the endpoint ${endpoint}.`,
    );
    assert.match(first?.remedy ?? "", `\`b = @${endpoint}\``);
  });
}

test("a wizard's remote host is an identify, too", async () => {
  const settings = settingsOf(two);
  const wizard = { [`${etc}/pjsip_wizard.conf`]: "[far]\ntype = wizard\nremote_hosts = 10.99.0.2:5060\n" };
  const [first] = nodeFindings(await inspected(phone, settings, running, wizard), settings);
  assert.match(first?.says ?? "", "pjsip_wizard.conf, line 3");
  assert.match(first?.remedy ?? "", "`b = @far`");
});

test("nothing is found where nothing is wrong, nor without [nodes]", async () => {
  const settings = settingsOf(two);
  const near = `${phone}[x]\ntype = identify\nendpoint = x\nmatch = 10.99.0.20,10.99.1.0/24,2001:db8::/32\n`;
  assert.equal(nodeFindings(await inspected(near, settings), settings), []);
  const alone = readSettings("[101]\ndevice = PJSIP/101\n", "x.conf");
  const taken = clashes[0]?.[1] ?? "";
  const found = await inspected(taken, alone);
  assert.is(found.sip, undefined, "pjsip.conf is not read for nodes");
  assert.equal(settingsFindings(found, alone), []);
});

test("Asterisk must know its peers by address, and have the modules", async () => {
  const settings = settingsOf(two, "peer_password = x\n");
  const says = async (pjsip: string, modules = running) =>
    nodeFindings(await inspected(pjsip, settings, modules), settings).map((one) => `${one.kind} ${one.says}`);
  const all = new Set([...running, "res_pjsip_authenticator_digest.so", "res_pjsip_outbound_authenticator_digest.so"]);
  assert.equal(await says(phone, all), []);
  assert.match((await says(phone))[0] ?? "", /^refusal The trunks between the nodes need res_pjsip_auth/);
  const sipOnly = new Set([...all].filter((name) => name !== "chan_pjsip.so"));
  assert.match((await says(phone, sipOnly))[0] ?? "", /^refusal The nodes of \[nodes\] are joined by trunks of PJSIP/);
  const order = "[global]\ntype = global\nendpoint_identifier_order = username,anonymous\n";
  assert.match((await says(order, all))[0] ?? "", /^refusal .*pjsip\.conf, line 3 leaves out ip/);
  assert.equal(await says(order.replace("username", "username, ip"), all), []);
});

test("a transport must be there, and its protocol goes into the contact", async () => {
  const settings = settingsOf(two, "peer_transport = secure\n");
  const transports = "[secure]\ntype = transport\nprotocol = tls\n[other]\ntype = transport\nprotocol = udp\n";
  const { snapshot, ...rest } = await inspected(transports, settings);
  assert.equal(nodeFindings({ snapshot, ...rest }, settings), []);
  assert.match(
    generatedFiles(settings, shipped, snapshot).get("pjsip-nodes.conf") ?? "",
    "sip:10.99.0.2:5062\\;transport=tls\n",
  );
  const [first] = nodeFindings(await inspected(transports.replace("secure", "sure"), settings), settings);
  assert.match(first?.says ?? "", "peer_transport = secure: pjsip.conf has no transport");
  assert.match(first?.remedy ?? "", "sure, other");
});

test("the admin's own trunk must be there, and lead to us", async () => {
  const settings = settingsOf("a = 10.99.0.1\nb = @to-b\n");
  const trunk = "[to-b]\ntype = endpoint\ncontext = from-b\n";
  const find = async (pjsip: string, dialplan = "[from-b]\n") =>
    nodeFindings(await inspected(pjsip, settings, running, { [`${etc}/extensions.conf`]: dialplan }), settings);
  assert.match((await find(phone))[0]?.says ?? "", "this Asterisk has no PJSIP endpoint to-b");
  const [warned] = await find(trunk);
  assert.is(warned?.kind, "warning");
  assert.match(warned?.remedy ?? "", "`include => smart-transfer-peer` first into [from-b]");
  assert.equal(await find(trunk, "[from-b]\ninclude => smart-transfer-peer\nexten => _X.,1,NoOp\n"), []);
  assert.equal(await find(trunk.replace("from-b", "smart-transfer-peer")), []);
});

test("our line goes where a generator leaves it, for the trunks as well", () => {
  const alone = "; Auto-generated by FreePBX\n[101]\ntype = endpoint\n";
  const text = shared(two).replace("[101]\ndevice", "[101]\ntransfer = no\ndevice");
  const settings = { ...readSettings(text, "x.conf"), self: "a" };
  const find = (pjsip: string) =>
    endpointGeneratorFindings(snapshotOf({ ...admins, [`${etc}/pjsip.conf`]: pjsip }), settings);
  assert.is(find(alone)[0]?.kind, "refusal");
  assert.match(
    find(`${alone}#include pjsip.endpoint_custom_post.conf\n`)[0]?.says ?? "",
    "our line goes into pjsip.endpoint_custom_post.conf",
  );
});

test("an install changes the extensions of this node only, and says that the others need the file", async () => {
  const current = shared(two);
  const installedHere = settingsOf(two);
  const inspection = await inspected(phone, installedHere);
  const plannedWith = (given: Answers) =>
    prepare(
      {
        given,
        current,
        installed: installedHere,
        settingsPath: `${etc}/smart_transfer.conf`,
        pbx: { survey: undefined } as SurveyedPbx,
        snapshot: inspection.snapshot,
        inspection,
        notes: [],
      },
      given,
      ["en"],
      { shipped } as Context,
    );
  const { settings, plan } = plannedWith({ general: {}, directory: parseExtensions("102,201=PJSIP/other") });
  assert.equal(
    settings.directory.map(({ extension, device, node }) => `${extension} ${device} ${node}`),
    ["201 PJSIP/201 b", "102 PJSIP/102 a"],
  );
  assert.match(plan.notes.join("\n"), "smart_transfer.conf changes here: copy it to the other nodes");
  const same = plannedWith({ general: {}, directory: parseExtensions("101") });
  assert.equal(same.plan.notes, []);
});

test("who installs by hand is asked which node this is", async () => {
  const { nodes } = settingsOf("a = 10.99.0.1\nb = @to-b\n");
  const asked: string[] = [];
  const one = async <T>({ choices, initial }: OneOf<T>): Promise<T | Back> => {
    asked.push(...choices.map(({ title }) => title), String(initial));
    return choices[1]?.value as T;
  };
  assert.is(await askNode(nodes, { one }), "b");
  assert.equal(asked, ["a  10.99.0.1", "b  @to-b", "a"]);
  try {
    await askNode(nodes, { one: async () => back });
    assert.unreachable();
  } catch (error) {
    assert.is((error as Problem).code, 130);
  }
});

test("a contact as Asterisk shows it", () => {
  const shown = (rest: string) => ` Endpoint:  smart-transfer-b    Not in use    0 of inf
        Aor:  smart-transfer-b                                   0
      Contact:  smart-transfer-b/sip:10.99.0.2:5062       9e2f030595 ${rest}
`;
  assert.equal(contactIn(shown("Avail        20.588")), { state: "Avail", ms: 20.588 });
  assert.equal(contactIn(shown("Unavail         nan")), { state: "Unavail", ms: undefined });
  assert.equal(contactIn(shown("NonQual         nan")), { state: "NonQual", ms: undefined });
  assert.is(contactIn("Unable to find object smart-transfer-b."), undefined);
});

test.run();
