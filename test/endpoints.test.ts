import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ownEndpoints } from "../src/asterisk/endpoints.ts";
import { fileSystem } from "../src/asterisk/files.ts";

const etc = "/etc/asterisk";
const own = `${etc}/smart_transfer.d`;

/** What is read from these files, by their path below Asterisk's configuration directory. */
async function read(files: Record<string, string>) {
  const root = await mkdtemp(join(tmpdir(), "endpoints-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(root, etc, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text, "latin1");
    }
    return Object.fromEntries(await ownEndpoints(fileSystem(root), etc, own));
  } finally {
    await rm(root, { recursive: true });
  }
}

const features = "set_var = DYNAMIC_FEATURES=";
const one = (context: string, list?: string) => ({
  "PJSIP/101": { context, name: "", variables: list === undefined ? {} : { DYNAMIC_FEATURES: list } },
});

// By process_text_line() of main/config.c and set_var_handler() of res_pjsip/pjsip_configuration.c.
const cases: readonly [title: string, files: Record<string, string>, endpoints: Record<string, unknown>][] = [
  ["no pjsip.conf", {}, {}],
  ["an endpoint without variables", { "pjsip.conf": "[101]\ntype=endpoint\n" }, one("default")],
  [
    "its own section",
    { "pjsip.conf": `[101]\ntype = endpoint\ncontext = internal ; x\n${features}automixmon#x\n` },
    one("internal", "automixmon#x"),
  ],
  [
    "only of type endpoint",
    { "pjsip.conf": `[101]\ntype=aor\n${features}a\n[101]\ntype=endpoint\n${features}b\n[t]\ntype=transport\n` },
    one("default", "b"),
  ],
  ["a template is none", { "pjsip.conf": "[101](!)\ntype=endpoint\n" }, {}],
  [
    "what it takes from templates comes first, its own counts",
    {
      "pjsip.conf": `[t](!)\ntype=endpoint\ncontext=a\n${features}t\n[u](!,t)\n${features}u\n[101](u)\ncontext=b\n`,
    },
    one("b", "u"),
  ],
  [
    "of several templates the last",
    { "pjsip.conf": `[t](!)\ntype=endpoint\n${features}t\n[u](!)\n${features}u\n[101](t,u)\n` },
    one("default", "u"),
  ],
  [
    "additions",
    {
      "pjsip.conf": `[101]\ntype=aor\n[101]\ntype=endpoint\n${features}a\n[101](+type=endpoint)\n${features}b\n[101](+)\ncontext=c\n`,
    },
    one("default", "b"),
  ],
  [
    "included files, nested, by pattern, absolute and missing",
    {
      "pjsip.conf": `#include "d/*.conf"\n#tryinclude <none.conf>\n#tryinclude ${etc}/more.conf\n`,
      "d/b.conf": `[101](t)\n#include e/{x,y}[0-9].conf\n`,
      "d/a.conf": "[t](!)\ntype=endpoint\n",
      "d/.hidden.conf": "[102]\ntype=endpoint\n",
      "d/e.conf/x": "",
      "e/y1.conf": "context=here\n",
      "e/z1.conf": "context=there\n",
      "more.conf": `[101](+type=endpoint)\n${features}m\n`,
    },
    one("here", "m"),
  ],
  [
    "not what we added",
    {
      "pjsip.conf": `[101]\ntype=endpoint\n#tryinclude "smart_transfer.d/pjsip.conf"\n`,
      "smart_transfer.d/pjsip.conf": `#tryinclude "smart_transfer.d/pjsip-101.conf"\n`,
      "smart_transfer.d/pjsip-101.conf": `[101](+type=endpoint)\n${features}smart-transfer\n`,
    },
    one("default"),
  ],
  [
    "the peers of chan_sip: what has a type is one, without context it has that of [general]",
    {
      "sip.conf": `[general]\ncontext=public\n[t](!)\nsetvar=DYNAMIC_FEATURES=t\n[101](t)\ntype=friend\ncallerid=Anna <101>\n[102]\ntype=peer\ncontext=b\n[authentication]\nauth=x\n[103](t)\n[101](+)\nsetvar=TRANSFER_CONTEXT=sales\n`,
    },
    {
      "SIP/101": { context: "public", name: "Anna", variables: { DYNAMIC_FEATURES: "t", TRANSFER_CONTEXT: "sales" } },
      "SIP/102": { context: "b", name: "", variables: {} },
    },
  ],
  ["a file that includes itself", { "pjsip.conf": `[101]\ntype=endpoint\n#include pjsip.conf\n` }, one("default")],
];

for (const [title, files, endpoints] of cases) test(title, async () => assert.equal(await read(files), endpoints));

test("an endpoint that a wizard makes, and how it is added to", async () => {
  const found = await read({
    "pjsip.conf": "[101]\ntype=endpoint\n",
    "pjsip_wizard.conf":
      "[phone](!)\ntype=wizard\nendpoint/context=internal\n\n[201](phone)\nendpoint/set_var=A=1\nendpoint/callerid=Anna <201>\naor/max_contacts=2\n",
  });
  const wizard = { conf: "pjsip_wizard.conf", addition: "(+type=wizard)", variable: "endpoint/set_var" };
  assert.equal(found["PJSIP/201"], { context: "internal", name: "Anna", variables: { A: "1" }, wizard });
  assert.is(found["PJSIP/101"]?.wizard, undefined);
});

test("ten thousand endpoints are read in well under a second", async () => {
  const person = (number: number) =>
    `[${number}](phone)\nauth=${number}\n[${number}]\ntype=auth\nusername=${number}\n\n`;
  const people = Array.from({ length: 10_000 }, (_, at) => person(10_000 + at)).join("");
  const started = process.cpuUsage();
  const found = await read({ "pjsip.conf": `[phone](!)\ntype=endpoint\ncontext=internal\n${people}` });
  assert.is(Object.keys(found).length, 10_000);
  // This process's own processor time: other tests keep the machine busy.
  const { user, system } = process.cpuUsage(started);
  assert.ok(user + system < 2_000_000, `${(user + system) / 1000} ms`);
});

test.run();
