import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { givenAnswers, givenSettings, soundNames } from "../src/installer/ask/given.ts";
import { helpText } from "../src/installer/cli/help.ts";
import { commandTable, type Options, optionTable, parseCommandLine } from "../src/installer/cli/options.ts";
import { exitCode, Problem } from "../src/terminal/problem.ts";

interface Row {
  type: "boolean" | "string";
  short?: string;
  takes?: string;
  multiple?: true;
  of?: string;
  about: string;
}
const table = Object.entries(optionTable as Record<string, Row>);

function optionsOf(...args: string[]): Record<string, unknown> {
  return { ...parseCommandLine(args).options };
}

/** The command that an option belongs to, if only one takes it. */
const commandOf = ({ of }: Row) => (of === undefined ? [] : [of]);

test("nothing said: install, and every option at rest", () => {
  const { command, options } = parseCommandLine([]);
  assert.is(command, "install");
  assert.equal(
    options,
    Object.fromEntries(
      table.map(([name, { type, multiple }]) => [name, type === "boolean" ? false : multiple ? [] : undefined]),
    ),
  );
});

test("every command", () => {
  for (const name of Object.keys(commandTable)) {
    assert.is(parseCommandLine([name]).command, name);
    assert.is(parseCommandLine(["--json", name, "--verbose"]).command, name);
  }
});

test("every option, long and short, and none touches another", () => {
  const rest = optionsOf();
  for (const [name, row] of table) {
    const { type, short, multiple } = row;
    const takes = type === "string";
    const value = takes ? (multiple ? ["x=1"] : "x=1") : true;
    const forms = takes ? [[`--${name}`, "x=1"], [`--${name}=x=1`]] : [[`--${name}`]];
    if (short) forms.push(takes ? [`-${short}`, "x=1"] : [`-${short}`]);
    for (const form of forms)
      assert.equal(optionsOf(...commandOf(row), ...form), { ...rest, [name]: value }, form.join(" "));
  }
});

test("an option of one command is no option of another", () => {
  const strays = table.filter(([, { of }]) => of !== undefined);
  assert.ok(strays.length > 0);
  for (const [name, { type, of }] of strays) {
    const given = type === "string" ? [`--${name}`, "x"] : [`--${name}`];
    assert.throws(
      () => parseCommandLine(["check", ...given]),
      (error: unknown) => error instanceof Problem && error.message === `--${name} belongs to the command ${of}.`,
    );
  }
});

test("what repeats is collected, of what does not the last counts", () => {
  const twice = optionsOf("--set", "a=1", "--set=b=2", "--prompt", "dial=x", "--key", "#", "--key", "*");
  assert.equal(twice.set, ["a=1", "b=2"]);
  assert.equal(twice.prompt, ["dial=x"]);
  assert.is(twice.key, "*");
});

test("short ones may be joined", () => {
  const { yes, "dry-run": dry } = optionsOf("-yn");
  assert.ok(yes && dry);
});

const mistakes: readonly [args: readonly string[], message: string][] = [
  [["instal"], 'There is no command "instal".'],
  [["toString"], 'There is no command "toString".'],
  [["constructor"], 'There is no command "constructor".'],
  [["__proto__"], 'There is no command "__proto__".'],
  [[""], 'There is no command "".'],
  [["check", "install"], '"install" is one word too many.'],
  [["install", "101-110"], '"101-110" is one word too many.'],
  [["--nope"], "There is no option --nope."],
  [["--nope=1"], "There is no option --nope."],
  [["--ye"], "There is no option --ye."],
  [["-x"], "There is no option -x."],
  [["-yx"], "There is no option -x."],
  [["--no-yes"], "There is no option --no-yes."],
  [["--o'clock"], "There is no option --o'clock."],
  [["--key,x"], "There is no option --key,x."],
  [["--a b"], "There is no option --a b."],
  [["--Key", "#"], "There is no option --Key."],
  [["--key", "-1"], "The option needs a value: --key KEYS."],
  [["--__proto__=1"], "There is no option --__proto__."],
];

for (const [args, message] of mistakes) {
  test(`a mistake: ${JSON.stringify(args)}`, () => {
    const problem = problemOf(() => parseCommandLine(args));
    assert.is(problem.message, message);
    assert.is(problem.code, exitCode.usage);
    assert.ok(problem.remedy.length > 0);
  });
}

test("an unknown command is told all that there are", () => {
  assert.is(
    problemOf(() => parseCommandLine(["x"])).remedy,
    `The commands are ${Object.keys(commandTable).join(", ")}.`,
  );
});

test("a value that is missing, and one too many, for every option", () => {
  for (const [name, { takes }] of table) {
    const forms = takes ? [[`--${name}`], [`--${name}`, "--json"]] : [[`--${name}=1`]];
    for (const form of forms) {
      const { message, code } = problemOf(() => parseCommandLine(form));
      assert.is(
        message,
        takes ? `The option needs a value: --${name} ${takes}.` : `The option --${name} takes no value.`,
      );
      assert.is(code, exitCode.usage);
    }
  }
});

function problemOf(act: () => unknown): Problem {
  try {
    act();
  } catch (error) {
    assert.instance(error, Problem);
    return error as Problem;
  }
  return assert.unreachable() as never;
}

test("the help lists every command and every option, in columns", () => {
  const lines = helpText().split("\n");
  const rows = (left: (name: string, row: Row) => string, entries: [string, Row][]) =>
    entries.map(([name, row]) => {
      const line = lines.find((one) => one.startsWith(`  ${left(name, row)}  `));
      assert.ok(line?.endsWith(row.about), name);
      return (line as string).length - row.about.length;
    });
  const options = rows(
    (name, { short, takes }) => `${short ? `-${short}, ` : "    "}--${name}${takes ? ` ${takes}` : ""}`,
    table,
  );
  const commands = rows(
    (name) => name,
    Object.entries(commandTable).map(([name, about]) => [name, { type: "boolean", about }]),
  );
  assert.is(new Set(options).size, 1, "options are aligned");
  assert.is(new Set(commands).size, 1, "commands are aligned");
});

test("the help is lean: no line too long, none ending in spaces, every exit code told", () => {
  const text = helpText();
  for (const line of text.split("\n")) {
    assert.ok(line.length <= 160, line);
    assert.is(line, line.trimEnd());
  }
  for (const code of Object.values(exitCode)) assert.match(text, new RegExp(`(^|· |  )${code} \\w`, "m"));
  assert.ok(text.endsWith("\n"));
});

async function given(...args: string[]) {
  return givenAnswers(parseCommandLine(args).options as Options);
}

test("no answers given", async () => {
  assert.equal(await given(), { general: {} });
});

test("answers given", async () => {
  const dial = "PJSIP/$" + "{NUMBER}@trunk";
  const answers = await given(
    ...[
      "--set",
      "ring_timeout=15",
      "--set",
      " hear = music ",
      "--set",
      "fallback=100@internal",
      "--set",
      "recall_prefix=",
    ],
    ...["--key", "*7", "--prompt", "dial=my/dial", "--extensions", "101,201=PJSIP/alice"],
    ...["--return-key", "*8", "--mobile-dial", dial, "--mobile", "101=+12025550101", "--mobile", "201=5550102"],
  );
  assert.equal(answers, {
    general: {
      ring_timeout: "15",
      hear: "music",
      fallback: "100@internal",
      recall_prefix: "",
      transfer_key: "*7",
      return_key: "*8",
      mobile_dial: dial,
      prompt_dial: "my/dial",
    },
    mobiles: { 101: "+12025550101", 201: "5550102" },
    directory: [
      { extension: "101", device: "PJSIP/101" },
      { extension: "201", device: "PJSIP/alice" },
    ],
  });
});

test("prompts may be set by their own names too", async () => {
  assert.equal(await given("--set", "prompt_dial=beep"), { general: { prompt_dial: "beep" } });
});

const wrongAnswers: readonly [args: readonly string[], message: string, remedy: RegExp][] = [
  [["--set", "ring_timeout"], "--set ring_timeout: a name and a value are needed.", /^Give it as --set NAME=VALUE\.$/],
  [["--mobile", "101"], "--mobile 101: a name and a value are needed.", /./],
  [["--mobile", "101=x"], '--mobile 101: "x" must be a telephone number.', /./],
  [
    ["--mobile-dial", "PJSIP/trunk"],
    `--mobile-dial: "PJSIP/trunk" must be a dial string with $${"{NUMBER}"} in it, such as PJSIP/$${"{NUMBER}"}@trunk.`,
    /./,
  ],
  [["--set", "=5"], "--set =5: a name and a value are needed.", /NAME=VALUE/],
  [["--set", "ring=5"], "--set ring: there is no such setting.", /^The settings are .*ring_timeout.*prompt_dial.*\.$/],
  [["--set", "__proto__=5"], "--set __proto__: there is no such setting.", /./],
  [["--set", "device=PJSIP/1"], "--set device: there is no such setting.", /./],
  [["--set", "ring_timeout=0"], '--set ring_timeout: "0" must be a number of seconds from 1 to 600.', /./],
  [["--set", "ring_timeout="], '--set ring_timeout: "" must be a number of seconds from 1 to 600.', /./],
  [["--set", "hear=noise"], '--set hear: "noise" must be ringing or music.', /^Correct the value\.$/],
  [["--key", ""], '--key: "" must be one to four telephone keys (0-9 * # A-D).', /./],
  [["--key", "12345"], '--key: "12345" must be one to four telephone keys (0-9 * # A-D).', /./],
  [["--key", "#,1"], '--key: "#,1" must be one to four telephone keys (0-9 * # A-D).', /./],
  [["--prompt", "dial"], "--prompt dial: a name and a value are needed.", /^Give it as --prompt NAME=/],
  [["--prompt", "hello=x"], "--prompt hello: there is no such setting.", /./],
  [
    ["--prompt", "dial=a&&b"],
    '--prompt dial: "a&&b" must be the name of a sound, without its ending, or several joined by &.',
    /./,
  ],
  [
    ["--prompt", "dial="],
    '--prompt dial: "" must be the name of a sound, without its ending, or several joined by &.',
    /./,
  ],
  [["--extensions", "110-101"], "--extensions: the range 110-101 runs backwards.", /./],
  [["--extensions", ""], "--extensions: an entry is empty.", /./],
];

for (const [args, message, remedy] of wrongAnswers) {
  test(`a wrong answer: ${args.join(" ")}`, async () => {
    const problem = await given(...args).then(
      () => assert.unreachable() as never,
      (error: unknown) => error as Problem,
    );
    assert.instance(problem, Problem);
    assert.is(problem.message, message);
    assert.match(problem.remedy, remedy);
    assert.is(problem.code, exitCode.usage);
  });
}

test("a prompt's file becomes its absolute path without the ending, what is no file stays", async () => {
  const folder = await mkdtemp(join(tmpdir(), "given-"));
  try {
    for (const name of ["a.wav", "b.c.gsm", "plain"]) await writeFile(join(folder, name), "");
    assert.is(await soundNames(join(folder, "a.wav")), join(folder, "a"));
    assert.is(await soundNames(join(folder, "b.c.gsm")), join(folder, "b.c"));
    assert.is(await soundNames(join(folder, "plain")), join(folder, "plain"));
    assert.is(await soundNames(`${folder}/../${folder.split("/").at(-1)}/a.wav`), join(folder, "a"));
    assert.is(await soundNames(`${join(folder, "a.wav")}&beep`), `${join(folder, "a")}&beep`);
    for (const name of ["custom/hello", join(folder, "a"), folder, ""]) assert.is(await soundNames(name), name);
    const { general } = await given("--prompt", `dial=${join(folder, "a.wav")}`);
    assert.is(general.prompt_dial, join(folder, "a"));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a settings file is read byte by byte", async () => {
  const folder = await mkdtemp(join(tmpdir(), "given-"));
  try {
    const file = join(folder, "x.conf");
    await writeFile(file, Buffer.from([0x5b, 0xe9, 0xff, 0x0d, 0x0a]));
    assert.is(await givenSettings(file), "[\u00e9\u00ff\r\n");
    const problem = await givenSettings(join(folder, "none.conf")).catch((error: unknown) => error as Problem);
    assert.instance(problem, Problem);
    assert.is((problem as Problem).message, `--settings: ${join(folder, "none.conf")} cannot be read (ENOENT).`);
    assert.is((problem as Problem).code, exitCode.usage);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.run();
