import { test } from "uvu";
import * as assert from "uvu/assert";
import { codesOf, codesShown } from "../src/installer/preflight/codes.ts";
import { freeKey, keyFindings } from "../src/installer/preflight/keys.ts";
import { treeOf } from "./snapshot.ts";

const stock = { transfer_key: "#", return_key: "*0", mobile_dial: "" };
const tree = (text: string) => treeOf({ "/etc/asterisk/features.conf": text }, "features.conf");
const file = "/etc/asterisk/features.conf";

const none: [] = [];
type Case = [text: string, keys: Partial<typeof stock>, ...expected: [kind: string, part: string][]];

const cases: Record<string, Case> = {
  "an empty file: # is Asterisk's silent blindxfer, and ours replaces it": ["", {}],
  "blindxfer written as #": ["[featuremap]\nblindxfer => #\n", {}, ["note", `${file}, line 2`]],
  "another built-in feature on it": [
    "[featuremap]\natxfer = #\n",
    {},
    ["refusal", `\`atxfer => #\` (${file}, line 2)`],
  ],
  "a longer one": ["[featuremap]\nblindxfer => ##\n", {}, ["refusal", "begins that of `blindxfer => ##`"]],
  "# in the digits of parkcall": ["[featuremap]\nparkcall => #72\n", {}, ["refusal", "line 2"]],
  "a shorter one": [
    "[featuremap]\natxfer => *\n",
    { transfer_key: "*2" },
    ["warning", "disconnect"],
    ["refusal", "would never work"],
  ],
  "the silent disconnect": ["", { transfer_key: "*2" }, ["warning", "`disconnect`, by default *"]],
  "the silent blindxfer": ["", { transfer_key: "#1" }, ["warning", "`blindxfer`, by default #"]],
  "disconnect moved away": ["[featuremap]\ndisconnect => **\n", { transfer_key: "*2" }],
  "disabled ones": ["[featuremap]\nblindxfer =\ndisconnect =\natxfer =\n", { transfer_key: "*2" }],
  "an application": ["[applicationmap]\nx => #,self,NoOp\n", {}, ["refusal", "`x => #,self,NoOp`"]],
  "a group": ["[applicationmap]\nx => 9,self,NoOp\n[g]\nx => #5\n", {}, ["refusal", "`x => #5`"]],
  "a group that keeps the code": ["[applicationmap]\nx => 9,self,NoOp\n[g]\nx =>\n", {}],
  "the last of several counts": ["[featuremap]\natxfer = #\natxfer = *2\n", {}],
  "another feature of our name": [
    "[applicationmap]\nsmart-transfer => 9,self,NoOp\n",
    {},
    ["refusal", "another feature"],
  ],
  "letters in either case": ["[featuremap]\natxfer => D\n", { transfer_key: "d" }, ["refusal", "is taken"]],
  "the return key without mobiles": ["[applicationmap]\nx => *0,self,NoOp\n", {}],
  "the return key taken": [
    "[applicationmap]\nx => *0,self,NoOp\n",
    { mobile_dial: "PJSIP/x" },
    ["refusal", "--return-key"],
  ],
  "the return key behind a written disconnect": [
    "[featuremap]\ndisconnect => *\n",
    { mobile_dial: "PJSIP/x" },
    ["warning", "The key *0, from a mobile"],
  ],
  "our own two": [
    "",
    { transfer_key: "*", mobile_dial: "PJSIP/x" },
    ["warning", "disconnect"],
    ["refusal", "cannot both"],
  ],
  "commented out": ["[featuremap]\n;atxfer => #\n;--\natxfer => #\n--;\n", {}],
  "an include": [`[featuremap]\n#include "x.conf"\n`, {}, ["refusal", "/etc/asterisk/x.conf, line 1"]],
};

for (const [title, [text, keys, ...expected]] of Object.entries(cases)) {
  test(`a key on file: ${title}`, async () => {
    const included = await treeOf({ [file]: text, "/etc/asterisk/x.conf": "atxfer = #\n" }, "features.conf");
    const findings = keyFindings({ ...stock, ...keys }, included, undefined);
    assert.equal(
      findings.map(({ kind }) => kind),
      expected.map(([kind]) => kind),
      JSON.stringify(findings),
    );
    for (const [at, [, part]] of expected.entries()) {
      const { says, remedy } = findings[at] as (typeof findings)[number];
      assert.ok(`${says} ${remedy}`.includes(part), `${part} in: ${says} ${remedy}`);
    }
  });
}

const shown = `Builtin Feature           Default Current
---------------           ------- -------
Pickup                    *8      *8     
Blind Transfer            #       ##     
Attended Transfer                 *2     
Disconnect Call           *       *      
Park Call                                
One Touch MixMonitor                     

Dynamic Feature           Default Current
---------------           ------- -------
nway-start                no def  *0     
a-name-longer-than-the-column no def  *77    
smart-transfer            no def  #      
smart-transfer-return     no def  *0     

Feature Groups:
---------------
===> Group: mygroup
===> --> nway-start (#9)
`;

test("what the running Asterisk has beside the files counts too", async () => {
  assert.equal(
    codesShown(shown).map(({ feature, code, silent }) => [feature, code, silent]),
    [
      ["blindxfer", "##", false],
      ["atxfer", "*2", false],
      ["disconnect", "*", true],
      ["nway-start", "*0", false],
      ["a-name-longer-than-the-column", "*77", false],
      ["nway-start", "#9", false],
    ],
  );
  const findings = keyFindings(stock, none, shown);
  assert.equal(
    findings.map(({ kind, says }) => [kind, /`([^`]+)`/.exec(says)?.[1]]),
    [
      ["refusal", "blindxfer => ##"],
      ["refusal", "nway-start => #9"],
    ],
  );
  const onFile = await tree("[featuremap]\nblindxfer => ##\n");
  assert.equal(keyFindings({ ...stock, transfer_key: "9" }, onFile, shown), []);
});

test("a free key is one that nothing has, begins or is begun by", async () => {
  const free = async (text: string, other = "*0") => freeKey(codesOf(await tree(text)), other);
  assert.is(await free("[featuremap]\nblindxfer=##\ndisconnect=**\n"), "#7");
  assert.is(await free("[featuremap]\nblindxfer=*2\ndisconnect=**\n"), "#");
  assert.is(await free("[featuremap]\nblindxfer=#\ndisconnect=**\n"), "*7");
  assert.is(await free("[featuremap]\nblindxfer=#\ndisconnect=*\n"), undefined);
  assert.is(await free("[featuremap]\nblindxfer=#\n"), "*7", "rather than none, one that a default may hide");
});

test.run();
