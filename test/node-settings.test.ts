import { test } from "uvu";
import * as assert from "uvu/assert";
import { sumOf } from "../src/installer/check/settings-sum.ts";
import { generatedFiles } from "../src/installer/plan/generated.ts";
import { loaderBlock } from "../src/installer/plan/loader-block.ts";
import { newDocument } from "../src/installer/settings/document.ts";
import { inspectSettings, readSettings, type Settings } from "../src/installer/settings/model.ts";

const shipped = { version: "1.0.0", dialplan: "" };
const nodes = "[nodes]\na = 10.99.0.1\nb = 10.99.0.2:5062\nb2 = @trunk.to-c\n";
const extension = (number: string, node?: string) =>
  `[${number}]\ndevice = PJSIP/${number}\n${node === undefined ? "" : `node = ${node}\n`}`;
const three = nodes + extension("101", "a") + extension("102", "a") + extension("201", "b");
const seenFrom = (self: string, text = three): Settings => ({ ...readSettings(text, "x.conf"), self });
const indexOf = (settings: Settings) => generatedFiles(settings, shipped).get("directory.conf") ?? "";

test("the nodes, their addresses, and the home of each extension", () => {
  const { nodes: found, directory } = readSettings(three, "x.conf");
  assert.equal(found, [
    { name: "a", address: { host: "10.99.0.1" } },
    { name: "b", address: { host: "10.99.0.2", port: 5062 } },
    { name: "b2", trunk: "trunk.to-c" },
  ]);
  assert.equal(
    directory.map((one) => one.node),
    ["a", "a", "b"],
  );
});

test("an IPv6 address stands in brackets", () => {
  const { nodes: found } = readSettings("[nodes]\na = [2001:db8::1]\nb = [2001:db8::2]:5062\n", "x.conf");
  assert.equal(
    found.map(({ address }) => address),
    [{ host: "2001:db8::1" }, { host: "2001:db8::2", port: 5062 }],
  );
});

const faulty: readonly [title: string, text: string, line: number, message: RegExp][] = [
  ["no address", "[nodes]\na =\n", 2, /^a = : it must be an IP address, /],
  ["a name instead of an address", "[nodes]\na = pbx.example\n", 2, /^a = pbx\.example: it must be an IP address/],
  ["an address that is none", "[nodes]\na = 10.0.0.256\n", 2, /it must be an IP address/],
  ["a port that is none", "[nodes]\na = 10.0.0.1:70000\n", 2, /it must be an IP address/],
  ["IPv6 without brackets", "[nodes]\na = 2001:db8::1\n", 2, /it must be an IP address/],
  ["a trunk with more behind it", "[nodes]\na = @trunk&PJSIP/x\n", 2, /it must be an IP address/],
  ["a node's name", "[nodes]\nthe north = 10.0.0.1\n", 2, /^"the north" is no name for a node: letters/],
  ["a node twice", "[nodes]\na = 10.0.0.1\nA = 10.0.0.2\n", 3, /^A is there twice$/],
  ["an address twice", "[nodes]\na = 10.0.0.1\nb = 10.0.0.1:5062\n", 3, /^b and a have the same address$/],
  ["a trunk twice", "[nodes]\na = @x\nb = @x\n", 3, /^b and a have the same trunk$/],
  ["[nodes] twice", "[nodes]\na = 10.0.0.1\n[nodes]\nb = 10.0.0.2\n", 3, /^\[nodes\] is there twice$/],
  [
    "no home",
    nodes + extension("101"),
    5,
    /^\[101\] has no node: which of \[nodes\] its phones register at, a or b or b2$/,
  ],
  ["an unknown home", nodes + extension("101", "c"), 7, /^node = c: it must be one of \[nodes\], a or b or b2$/],
  ["a home without [nodes]", extension("101", "a"), 3, /^node = a: there is no \[nodes\] that names it$/],
  [
    "a password that would begin a comment",
    "[general]\npeer_password = a\\;b\n",
    2,
    /^peer_password = a;b: it must be/,
  ],
];

for (const [title, text, line, message] of faulty) {
  test(`a fault: ${title}`, () => {
    const [first] = inspectSettings(text).faults;
    assert.is(first?.line, line);
    assert.match(first?.message ?? "", message);
  });
}

test("[nodes] may stand behind the extensions", () => {
  assert.equal(inspectSettings(extension("101", "a") + nodes).faults, []);
});

test("the index tells the dialplan which node this is, and the trunks to the others", () => {
  const index = indexOf(seenFrom("a"));
  assert.match(index, "\n[node]\nself = a\n");
  assert.match(index, "\n[peers]\nb = smart-transfer-b\nb2 = trunk.to-c\n");
  assert.match(index, "\n[trunks]\nPJSIP/smart-transfer-b = b\nPJSIP/trunk.to-c = b2\n");
});

test("the index has the digits of all extensions, and the devices of this node's", () => {
  const index = indexOf(seenFrom("b"));
  assert.match(index, "10 = yes");
  assert.match(index, "PJSIP/201 = 201");
  assert.not.match(index, "PJSIP/101");
});

test("an endpoint of another node gets no addition", () => {
  const names = [...generatedFiles(seenFrom("a"), shipped).keys()];
  assert.ok(names.includes("pjsip-101.conf"), names.join(" "));
  assert.not.ok(names.includes("pjsip-201.conf"), names.join(" "));
});

test("without [nodes] no file has one line for them", () => {
  const alone = readSettings(extension("101") + extension("102"), "x.conf");
  const shared = seenFrom("a", `[nodes]\na = 10.99.0.1\n${extension("101", "a")}${extension("102", "a")}`);
  const [one, other] = [alone, shared].map((settings) => generatedFiles(settings, shipped));
  for (const [name, text] of one ?? []) {
    const lines = other?.get(name)?.split("\n") ?? [];
    let at = 0;
    for (const line of text.split("\n")) {
      at = lines.indexOf(line, at) + 1;
      assert.ok(at > 0, `${name} has "${line}" at the same place with [nodes]`);
    }
    assert.not.match(text, /\bnodes?\b|\bpeers\b|\btrunks?\b|hello/, name);
  }
  assert.ok(indexOf(shared).length > indexOf(alone).length);
});

test("extensions.lua leads peers to the dialplan only where there are [nodes]", () => {
  const [alone, shared] = [false, true].map((hasNodes) => loaderBlock("/x.lua", hasNodes));
  const more = shared?.filter((line) => !alone?.includes(line));
  assert.equal(more, ['  extensions["smart-transfer-at-home"] = any']);
});

test("a new smart_transfer.conf has no line for nodes", () => {
  assert.not.match(newDocument({ general: {} }), /\bnodes?\b|\bpeer/);
  assert.match(newDocument({ general: { peer_password: "s" } }), /^peer_password = s/m);
});

test("texts that differ in one byte have different sums", () => {
  const sums = [three, three.replace("10.99.0.1", "10.99.0.3"), `${three}\n`, three.replace("a", "\xe1"), ""].map(
    sumOf,
  );
  assert.is(new Set(sums).size, sums.length, sums.join(" "));
  assert.ok(sums.every((sum) => Number.isInteger(sum) && sum >= 0 && sum < 2 ** 32));
});

test.run();
