import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AsteriskCli } from "../src/asterisk/cli.ts";
import { directoriesIn, directoriesOf } from "../src/asterisk/directories.ts";
import {
  endpointsIn,
  hintsIn,
  modulesIn,
  requireVersion,
  runningModules,
  versionIn,
} from "../src/asterisk/listings.ts";
import { keyShown } from "../src/installer/preflight/codes.ts";
import { survey } from "../src/installer/preflight/survey.ts";
import { Problem } from "../src/terminal/problem.ts";

// As Asterisk 22.10.1 prints them.
const moduleList = `Module                         Description                              Use Count  Status      Support Level
chan_pjsip.so                  PJSIP Channel Driver                     1          Running              core
chan_unistim.so                UNISTIM Protocol (USTM)                  0          Not Running      extended
pbx_config.so                  Text Extension Configuration             0          Running              core
pbx_lua.so                     Lua PBX Switch                           0          Running          extended
4 modules loaded
`;
const endpointList = `
 Endpoint:  <Endpoint/CID.....................................>  <State.....>  <Channels.>
    I/OAuth:  <AuthId/UserName...........................................................>
        Aor:  <Aor............................................>  <MaxContact>
      Contact:  <Aor/ContactUri..........................> <Hash....> <Status> <RTT(ms)..>
==========================================================================================

 Endpoint:  101/101                                              Not in use    0 of inf
     InAuth:  101/101
        Aor:  101                                                5
      Contact:  101/sip:101@127.0.0.1:51818                468ac445bc NonQual        -nan

 Endpoint:  102                                                  In use        1 of inf
    Channel: PJSIP/102-00000000/Dial                                              Up            00:00:07
        Exten: 101                                                          CLCID: "Anna" <101>

 Endpoint:  front-desk_2/"Front Desk" <200>                      Unavailable   0 of inf
        Aor:  front-desk_2                                       1

 Endpoint:  trunk                                                Not in use    0 of inf


Objects found: 4

`;
const hintList = `
    -= Registered Asterisk Dial Plan Hints =-
101@internal                  : PJSIP/101                                                     State:Idle            Presence:not_set         Watchers  0
102@internal                  : PJSIP/102&Custom:DND102,CustomPresence:102                    State:InUse           Presence:available       Watchers 12
200@internal                  : PJSIP/front-desk_2                                            State:Unavailable     Presence:not_set         Watchers  0
_2XX@very-long-name-of-a-conte: PJSIP/\${EXTEN}                                                State:Unavailable     Presence:not_set         Watchers  0
1000@demo                     : SIP/1000                                                      State:Unavailable     Presence:not_set         Watchers  0
*76@parking                   : park:76@parkedcalls                                           State:Unavailable     Presence:not_set         Watchers  0
----------------
- 6 hints registered
`;
const coreSettings = `
PBX Core settings
-----------------
  Version:                     22.10.1+dfsg+~cs6.17.60671434-1
  Running directory:           /
* Directories
  -------------
  Configuration file:          /opt/my pbx/etc/asterisk.conf
  Configuration directory:     /opt/my pbx/etc
  Module directory:            /usr/lib/x86_64-linux-gnu/asterisk/modules
  Spool directory:             /var/spool/asterisk
  Log directory:               /var/log/my asterisk
  VarLib directory:            /var/lib/asterisk
  Data directory:              /usr/share/asterisk
  ASTDB:                       /var/lib/asterisk/astdb
`;
const features = `Builtin Feature           Default Current
---------------           ------- -------
Pickup                    *8      *8     
Blind Transfer            #       ##     
Attended Transfer                        

Dynamic Feature           Default Current
---------------           ------- -------
smart-transfer            no def  #      
smart-transfer-return     no def  *0     

Feature Groups:
---------------
(none)
`;

test("versions", () => {
  const cases: [said: string, version: string][] = [
    ["22.10.1+dfsg+~cs6.17.60671434-1", "22.10.1"],
    ["16.28.0~dfsg-0+deb11u4", "16.28.0"],
    ["18.10.0~dfsg+~cs6.10.40431411-2", "18.10.0"],
    ["certified/18.9-cert5", "certified/18.9-cert5"],
    ["certified-20.7-cert2", "certified-20.7-cert2"],
    ["20.5.0", "20.5.0"],
    ["GIT-master-1a2b3c4", "GIT-master-1a2b3c4"],
    ["21.0.0-rc1", "21.0.0-rc1"],
  ];
  for (const [said, version] of cases)
    assert.is(versionIn(coreSettings.replace(/(Version: +).*/, `$1${said}`)), version);
  assert.is(versionIn("Something else"), "");
});

test("16.5 is the oldest that will do; what has no number is given a chance", () => {
  for (const version of [
    "16.5.0",
    "16.28.0",
    "17.0.0",
    "18.1.1",
    "22.10.1",
    "100.0",
    "certified/16.8-cert14",
    "certified-20.7-cert2",
    "GIT-master-1a2b3c4",
  ])
    assert.not.throws(() => requireVersion(version), version);
  for (const version of ["16.4.1", "16.0.0", "13.38.3", "1.8.32", "1.4", "certified/13.21-cert6", "11.25.3"])
    assert.throws(
      () => requireVersion(version),
      (error: Problem) =>
        error instanceof Problem && error.message === `This is Asterisk ${version}; 16.5 or later is needed.`,
    );
});

test("modules: those that run; one that declined to load is only listed", () => {
  assert.equal([...modulesIn(moduleList)], ["chan_pjsip.so", "pbx_config.so", "pbx_lua.so"]);
  assert.equal([...modulesIn("")], []);
});

test("endpoints, by their name without the caller ID", () => {
  assert.equal([...endpointsIn(endpointList)], ["101", "102", "front-desk_2", "trunk"]);
  assert.equal([...endpointsIn("No objects found.\n\n")], []);
});

test("hints", () => {
  assert.equal(hintsIn(hintList), [
    { extension: "101", device: "PJSIP/101" },
    { extension: "102", device: "PJSIP/102&Custom:DND102" },
    { extension: "200", device: "PJSIP/front-desk_2" },
    { extension: "_2XX", device: "PJSIP/$" + "{EXTEN}" },
    { extension: "1000", device: "SIP/1000" },
    { extension: "*76", device: "park:76@parkedcalls" },
  ]);
  assert.equal(hintsIn("There are no registered dialplan hints\n"), []);
});

test("the live key of a feature", () => {
  assert.is(keyShown("smart-transfer", features), "#");
  assert.is(keyShown("smart-transfer-return", features), "*0");
  assert.is(keyShown("smart", features), undefined);
  assert.is(keyShown("smart-transfer", "Dynamic Feature           Default Current\n(none)\n"), undefined);
});

function fakeCli(answers: Record<string, string>): AsteriskCli & { readonly commands: string[] } {
  const commands: string[] = [];
  return {
    commands,
    async run(command) {
      commands.push(command);
      return answers[command] ?? (assert.unreachable(`asked for ${command}`) as never);
    },
  };
}

const surveyOf = (cli: AsteriskCli) => survey(cli, runningModules(cli));

const answers = {
  "module show": moduleList,
  "pjsip show endpoints": endpointList,
  "core show hints": hintList,
};

test("the survey: who has a hint on an endpoint, and endpoints named like an extension, in order", async () => {
  const found = await surveyOf(fakeCli(answers));
  assert.equal([...found.devices], ["PJSIP/101", "PJSIP/102", "PJSIP/front-desk_2", "PJSIP/trunk"]);
  assert.equal(found.candidates, [
    { extension: "101", device: "PJSIP/101" },
    { extension: "102", device: "PJSIP/102" },
    { extension: "200", device: "PJSIP/front-desk_2" },
  ]);
});

test("of a hint only its phones are taken, and nothing that could not stand in smart_transfer.conf", async () => {
  const hint = (extension: string, devices: string) => `${extension}@x   : ${devices}      State:Idle  Watchers 0\n`;
  const hints = [
    hint("201", "PJSIP/101&Custom:DND201,CustomPresence:201"),
    hint("202", "Custom:DND202"),
    hint("203", "PJSIP/gone&PJSIP/102"),
    hint("1".repeat(21), "PJSIP/101"),
  ];
  const odd = "\n Endpoint:  a;b                    Not in use    0 of inf\n";
  const found = await surveyOf(
    fakeCli({
      ...answers,
      "core show hints": `${hints.join("")}${hint("204", "PJSIP/a;b")}`,
      "pjsip show endpoints": endpointList + odd,
    }),
  );
  assert.equal(found.candidates, [
    { extension: "101", device: "PJSIP/101" },
    { extension: "102", device: "PJSIP/102" },
    { extension: "201", device: "PJSIP/101" },
    { extension: "203", device: "PJSIP/102" },
  ]);
});

test("the peers of chan_sip are found by their whole names, and who is off", async () => {
  const long = "reception-of-the-whole-company";
  const object = (name: string) => `name: ${name}\ntype: peer\nobjflags: 0\nrefcount: 2\n\n`;
  const { "pjsip show endpoints": _, ...others } = answers;
  const cli = fakeCli({
    ...others,
    "module show": "chan_sip.so    Session Initiation Protocol (SIP)     0      Running  extended\n",
    "core show hints": `300@x   : SIP/${long}      State:Idle  Watchers 0\n`,
    "sip show objects": `-= Peer objects: 2 static, 0 realtime, 0 autocreate =-\n\n${object("101")}${object(long)}-= Peer objects by IP =-\n\n${object("by-ip")}-= Registry objects: 1 =-\n\nname: user:pass@host\n-= Dialog objects:\n\n`,
    "sip show peers": `Name/username             Host              Dyn Forcerport\n101/101                   (Unspecified)      D  Auto (No)\n${long.slice(0, 25)} 10.0.0.7   D  Auto\n2 sip peers [Monitored: 0 online]\n`,
  });
  const found = await surveyOf(cli);
  assert.equal([...found.devices], ["SIP/101", `SIP/${long}`]);
  assert.equal([...found.offline], ["SIP/101"]);
  assert.equal(found.candidates, [
    { extension: "101", device: "SIP/101" },
    { extension: "300", device: `SIP/${long}` },
  ]);
});

test("a survey without PJSIP does not ask for its endpoints", async () => {
  const { "pjsip show endpoints": _, ...others } = answers;
  const cli = fakeCli({ ...others, "module show": "chan_pjsip.so   PJSIP Channel Driver   0   Not Running   core\n" });
  const found = await surveyOf(cli);
  assert.is(found.devices.size, 0);
  assert.equal(found.candidates, []);
  assert.not.ok(cli.commands.includes("pjsip show endpoints"));
});

test("directories as the running Asterisk names them", () => {
  assert.equal(directoriesOf(coreSettings), {
    etc: "/opt/my pbx/etc",
    varLib: "/var/lib/asterisk",
    data: "/usr/share/asterisk",
    modules: "/usr/lib/x86_64-linux-gnu/asterisk/modules",
    log: "/var/log/my asterisk",
  });
  assert.throws(
    () => directoriesOf(coreSettings.replace("VarLib", "Other")),
    (error: Problem) => error instanceof Problem && error.message.includes("varlib directory"),
  );
});

const usual = {
  etc: "/etc/asterisk",
  varLib: "/var/lib/asterisk",
  data: "/usr/share/asterisk",
  modules: "/usr/lib/asterisk/modules",
  log: "/var/log/asterisk",
};
const confs: readonly [title: string, text: string, differs: Partial<typeof usual>][] = [
  ["nothing", "", {}],
  ["Debian's, a template that Asterisk ignores", "[directories](!)\nastetcdir => /x\n", {}],
  ["some", "[directories]\nastetcdir => /x ; y\nastdatadir=/y\n", { etc: "/x", data: "/y" }],
  [
    "all, CRLF",
    "[directories]\r\nastetcdir = /a\r\nastvarlibdir = /b\r\nastdatadir = /c\r\nastmoddir = /d\r\nastlogdir = /e\r\n",
    { etc: "/a", varLib: "/b", data: "/c", modules: "/d", log: "/e" },
  ],
  ["of another section", "[options]\nastetcdir => /x\n", {}],
  ["commented out", "[directories]\n;astetcdir => /x\n", {}],
];

for (const [title, text, differs] of confs) {
  test(`directories in asterisk.conf: ${title}`, async () => {
    const root = await mkdtemp(join(tmpdir(), "survey-"));
    try {
      await mkdir(join(root, "etc/asterisk"), { recursive: true });
      await writeFile(join(root, "etc/asterisk/asterisk.conf"), text);
      await writeFile(join(root, "other.conf"), text);
      assert.equal(await directoriesIn(undefined, root), { ...usual, ...differs });
      assert.equal(await directoriesIn("/other.conf", root), { ...usual, ...differs });
    } finally {
      await rm(root, { recursive: true });
    }
  });
}

test("no asterisk.conf: a problem that says how to name it", async () => {
  const root = join(tmpdir(), "there-is-no-such-root");
  const problem = await directoriesIn(undefined, root).catch((error: unknown) => error);
  assert.instance(problem, Problem);
  assert.is((problem as Problem).message, `${root}/etc/asterisk/asterisk.conf cannot be read (ENOENT).`);
  assert.match((problem as Problem).remedy, "--asterisk-conf");
});

test.run();
