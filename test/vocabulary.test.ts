// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { moduleOf, neededModules } from "../src/asterisk/modules.ts";
import { applicationsIn, functionsIn, unknownWords, type Vocabulary } from "../src/asterisk/vocabulary.ts";
import { generalSettings } from "../src/contract/settings-table.ts";
import { generatedFiles } from "../src/installer/plan/generated.ts";
import { vocabularyFindings } from "../src/installer/preflight/vocabulary.ts";
import { rehearsalModules } from "../src/installer/rehearsal/rehearse.ts";
import { newDocument } from "../src/installer/settings/document.ts";
import { readSettings } from "../src/installer/settings/model.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { shippedVocabulary } from "../src/tools/bundle/shipped-vocabulary.ts";
import { confVocabulary, luaVocabulary } from "../src/tools/bundle/vocabulary.ts";
import { compileWith } from "./compile.ts";

const { lua } = compileWith({});
const { dialplan, rehearsal } = shippedVocabulary(lua);
const words = ({ applications, functions }: Vocabulary) => [...applications, ...functions];

test("of Lua: what is called, without variables; a name that is added is seen", () => {
  const called = luaVocabulary(`
local m = { ["dialplan.main"] = function()
  app.Dial(channel.DIALSTATUS:get(), "Queue(x)")
  channel.SHARED("X", channel.BRIDGEPEER:get()):set("LEN(y)")
  channel["_" .. name]:set(channel.IMPORT(peer, "CHANNEL(checkhangup)"):get())
  other.app.Read(other.channel.STAT("M"), { app = 1, channel = 2 })
end }`);
  assert.equal(called, { applications: ["Dial"], functions: ["CHANNEL", "IMPORT", "SHARED"] });
  const more = luaVocabulary(
    lua.replace("app.BlindTransfer(", "app.Frobnicate(channel.FROB(1):get())\napp.BlindTransfer("),
  );
  assert.ok(more.applications.includes("Frobnicate") && more.functions.includes("FROB"));
  assert.equal(
    words(more).filter((name) => !/^frob/i.test(name)),
    words(luaVocabulary(lua)),
  );
});

test("what would hide a name from the build does not build", () => {
  for (const line of [
    "local a = app",
    "app[name]()",
    "local dial = app.Dial",
    "pass(app)",
    "channel[name](1):get()",
    "local f = channel.STAT",
    "app:Dial()",
    'app.Dial "x"',
  ])
    assert.throws(() => luaVocabulary(`x = 1\n${line}`), /Line 2 of the dialplan uses `(?:app|channel)`/, line);
});

test("of extensions.conf and features.conf: the applications, and the functions in what they are given", () => {
  const conf = `[a]
exten => s,1,Set(X=\${AST_CONFIG(a,b,\${LEN(c)})})
 same => n(label),GotoIf($["\${REGEX("^(yes|no)$" \${X})}" & FLOOR(1.5)]?label)
 same => n,Return
exten => _X!,hint,PJSIP/1
include => Frob(x)
; same => n,Frob(x)
`;
  assert.equal(confVocabulary(conf), {
    applications: ["GotoIf", "Return", "Set"],
    functions: ["AST_CONFIG", "LEN", "REGEX"],
  });
  assert.equal(confVocabulary("[applicationmap]\nx => *0,peer,BlindTransfer(s,y)\nz => #,self,Gosub(s,s,1),music\n"), {
    applications: ["BlindTransfer", "Gosub"],
    functions: [],
  });
});

test("the table that is shipped has all that the files of any settings call", () => {
  const directory = [{ extension: "101", device: "PJSIP/101" }];
  const variants = generalSettings.flatMap((row) =>
    (("choices" in row ? row.choices : undefined) ?? []).map((choice: string) => ({ [row.name]: choice })),
  );
  assert.ok(variants.length > 5);
  for (const general of variants) {
    const files = generatedFiles(readSettings(newDocument({ general, directory }), ""), {
      version: "1",
      dialplan: lua,
    });
    for (const name of ["extensions.conf", "features.conf"]) {
      const called = words(confVocabulary(files.get(name) ?? ""));
      assert.ok(called.length > 1);
      assert.equal(
        called.filter((word) => !words(dialplan).includes(word)),
        [],
        JSON.stringify(general),
      );
    }
  }
  for (const word of ["BlindTransfer", "Gosub", "MSet", "DIALPLAN_EXISTS", "REGEX"])
    assert.ok(words(dialplan).includes(word), word);
  for (const word of ["BLINDTRANSFER", "DIALSTATUS", "SMART_TRANSFER_FROM", "ASTETCDIR", "VALID_EXTEN"])
    assert.not.ok(words(dialplan).includes(word), word);
  assert.equal(
    words(rehearsal).filter((word) => words(dialplan).includes(word)),
    [],
  );
  assert.ok(words(rehearsal).includes("SendDTMF"));
});

test("each word's module is the one that Asterisk's own documentation names, and is loaded where it is needed", async () => {
  const { root } = await unpackAsterisk();
  const documented = readFileSync(join(root, "usr/share/asterisk/documentation/core-en_US.xml"), "utf8");
  const moduleIn = (kind: string, name: string) => {
    const [, module] = new RegExp(`<${kind} name="${name}"[^>]* module="(\\w+)"`, "i").exec(documented) ?? [];
    return module === "builtin" ? undefined : `${module}.so`;
  };
  const all: (readonly [kind: string, names: readonly string[]])[] = [dialplan, rehearsal].flatMap((one) => [
    ["application", one.applications] as const,
    ["function", one.functions] as const,
  ]);
  for (const [kind, names] of all) {
    for (const name of names) {
      // A part of chan_sip, which this Asterisk no longer has.
      if (name !== "SIPAddHeader") assert.is(moduleOf(name), moduleIn(kind, name), `${kind} ${name}`);
    }
  }
  const optional = ["app_channelredirect.so", "chan_pjsip.so", "chan_sip.so", "func_env.so"];
  const needed = [...neededModules(undefined), ...optional];
  for (const word of words(dialplan)) assert.ok(needed.includes(moduleOf(word) ?? needed[0] ?? ""), word);
  const played = [...needed, ...rehearsalModules];
  for (const word of words(rehearsal)) assert.ok(played.includes(moduleOf(word) ?? played[0] ?? ""), word);
});

const shownApplications = `    -= Registered Asterisk Applications =-
                Dial: Attempt to connect to another device or endpoint and bridge the call.
  AgentRequestWithALongName: <Synopsis not available>
           PlayTones: Play a tone list.
    -= 3 Applications Registered =-
`;
const shownFunctions = `Installed Custom Functions:
--------------------------------------------------------------------------------
CALLERID              CALLERID(datatype[,CID])             Gets or sets Caller*ID data on the channel.
A_LONG_NAME_OF_20_XX                                       
IFTIME                IFTIME(timespec?[truevalue][:falsev  Temporal Conditional.
3 custom functions installed.
`;

test("what Asterisk lists", () => {
  assert.equal(applicationsIn(shownApplications), ["Dial", "AgentRequestWithALongName", "PlayTones"]);
  assert.equal(functionsIn(shownFunctions), ["CALLERID", "A_LONG_NAME_OF_20_XX", "IFTIME"]);
});

test("a word is unknown where what should have it runs; where its module does not, that is what is missing", () => {
  const known = { applications: applicationsIn(shownApplications), functions: functionsIn(shownFunctions) };
  const unknown = (applications: string[], functions: string[], running?: ReadonlySet<string>) =>
    unknownWords({ applications, functions }, known, running);
  assert.equal(unknown(["Dial", "Playtones"], ["CALLERID", "A_LONG_NAME_OF_20_XX_AND_MORE"], new Set()), []);
  assert.equal(unknown(["Wait"], ["callerid"], new Set()), [
    { name: "application Wait", module: undefined },
    { name: "function callerid", module: undefined },
  ]);
  assert.equal(unknown([], ["DIALPLAN_EXISTS", "PJSIP_HEADER"], new Set(["func_dialplan.so"])), [
    { name: "function DIALPLAN_EXISTS", module: "func_dialplan.so" },
  ]);
  assert.equal(unknown(["SIPAddHeader"], ["CDR_PROP"], new Set(["chan_pjsip.so"])), []);
});

test("an install is refused by name, with what brings it", () => {
  const inspection = {
    running: { vocabulary: { applications: ["Dial"], functions: [] } },
    modules: { running: new Set() },
  };
  const findings = (vocabulary: Vocabulary) => vocabularyFindings(inspection as never, vocabulary);
  assert.equal(findings({ applications: ["dial"], functions: [] }), []);
  const [finding, more] = findings({ applications: ["Wait"], functions: ["CALLERID"] });
  assert.is(more, undefined);
  assert.is(finding?.kind, "refusal");
  assert.is(finding?.says, "This Asterisk has no application Wait.");
  assert.match(finding?.remedy ?? "", "@latest");
});

test.run();
