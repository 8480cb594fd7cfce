// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Call, talking } from "../src/sandbox/call.ts";
import { generatedPbx } from "./generated-pbx.ts";
import {
  type By,
  type Live,
  leavesNothing,
  send as passOn,
  refusesWrongNumber,
  sides,
  startLive,
  talksWith,
  talkToTheEnd,
  ways,
} from "./live.ts";

const extensions = ["101", "102", "103", "104", "105", "10"];
const started = startLive(generatedPbx(extensions));
const live = async () => (await started).begin();

/** The first free key, as ## is the blind transfer there. */
const key = "#7";

const send = (transferer: Call, by: By, receiver: string) => passOn(transferer, by, receiver, key);

/** Keeps a value in AstDB during a test, as the web interface does, or a code that its users dial. */
async function keep({ pbx }: Live, entries: Record<string, string>, story: () => Promise<void>): Promise<void> {
  for (const [name, value] of Object.entries(entries)) await pbx.cli(`database put ${name} ${value}`);
  try {
    await story();
  } finally {
    for (const name of Object.keys(entries)) await pbx.cli(`database del ${name}`);
  }
}

async function disturbNobody(office: Live, story: () => Promise<void>): Promise<void> {
  await office.pbx.cli("devstate change Custom:DND103 BUSY");
  try {
    await keep(office, { "DND 103": "YES" }, story);
  } finally {
    await office.pbx.cli("devstate change Custom:DND103 NOT_INUSE");
    await office.pbx.cli("database del CustomDevstate DND103");
  }
}

/** The phones among these that do not ring during a story. */
async function ringsNobody({ phone }: Live, numbers: readonly string[], story: () => Promise<void>): Promise<void> {
  const rung = () => numbers.map((number) => phone(number).calls.length);
  const before = rung();
  await story();
  assert.equal(rung(), before);
}

const recordings = async ({ pbx }: Live) =>
  (await readdir(dirname(pbx.logFile))).filter((name) => name.endsWith(".wav"));

test("install takes a free key and the PBX's own dialplan, and says so; its lines go where the generator leaves them", async () => {
  const { pbx, run } = await live();
  const read = (name: string) => readFile(join(pbx.etcDir, name), "utf8");
  const settings = await read("smart_transfer.conf");
  assert.match(settings, /^transfer_key = #7 /m);
  assert.match(settings, /^dial = Local\/\$\{EXTENSION\}@from-queue-exten-only\/n /m);
  assert.match(settings, /^dial_options = HhTt /m);
  assert.match(settings, /^dnd = Custom:DND\$\{EXTENSION\} /m);
  for (const [name, custom] of [
    ["extensions.conf", "extensions_custom.conf"],
    ["features.conf", "features_applicationmap_custom.conf"],
    ["pjsip.conf", "pjsip.endpoint_custom_post.conf"],
  ] as const) {
    assert.not.match(await read(name), /smart_transfer/);
    assert.match(await read(custom), /^#tryinclude "smart_transfer\.d\//m);
  }
  const { code, stdout } = await run("check", "--no-rehearsal");
  assert.is(code, 0, stdout);
});

for (const by of ways) {
  test(`by ${by}: the receiver is rung through the PBX's own dialplan, sees the caller, and can pass on`, async () => {
    const { talk, phone, clean, log } = await live();
    const { caller, transferer } = await talk("called");
    await send(transferer, by, "103");
    const receiver = await phone("103").rings();
    assert.equal(receiver.caller, { number: "900", name: "Line 900" });
    await receiver.answer();
    await talking(caller, receiver);
    assert.match(await log(), /\[103@from-queue-exten-only:1\]/);
    // Do-not-disturb is looked up where the digits are read: to enter Lua for it would take as long as all the rest.
    if (by === "key") assert.not.match(await log(), /@smart-transfer-keyed/);
    await send(receiver, by, "102");
    const next = await phone("102").rings();
    assert.equal(next.caller, { number: "900", name: "Line 900" });
    await talkToTheEnd(caller, next);
    await clean();
  });

  test(`by ${by}: no answer: recall through the PBX's own dialplan; whoever is rung next sees the caller`, async () => {
    const { talk, phone, clean } = await live();
    const { caller, transferer } = await talk("called");
    await send(transferer, by, "103");
    await phone("103").rings();
    const recall = await phone("101").rings(10_000);
    assert.equal(recall.caller, { number: "900", name: "RT 103 no answer: Line 900" });
    await recall.answer();
    await talking(caller, recall);
    await send(recall, by, "102");
    const next = await phone("102").rings();
    assert.equal(next.caller, { number: "900", name: "Line 900" });
    await talkToTheEnd(caller, next);
    await clean();
  });

  test(`by ${by}: busy: the caller waits, and is rung for when the phone is free`, async () => {
    const { talk, phone, set, clean } = await live();
    await set({ wait_timeout: "20" });
    const busy = await phone("103").call("901");
    const other = await phone("901").rings();
    await other.answer();
    await talking(busy, other);
    const { caller, transferer } = await talk("called");
    await send(transferer, by, "103");
    await transferer.ended();
    await caller.hears(10_000);
    await other.hangup();
    const receiver = await phone("103").rings(10_000);
    await talkToTheEnd(caller, receiver);
    await clean();
  });

  test(`by ${by}: forwarded: whom the receiver has chosen is rung`, async () => {
    const office = await live();
    const { talk, phone, clean } = office;
    await keep(office, { "CF 103": "104" }, async () => {
      const { caller, transferer } = await talk("called");
      await send(transferer, by, "103");
      await talkToTheEnd(caller, await phone("104").rings());
    });
    await clean();
  });

  test(`by ${by}: whose calls are recorded is recorded, also when the call before was`, async () => {
    const office = await live();
    const { phone, clean } = office;
    await keep(office, { "RECORD 102": "force", "RECORD 103": "force" }, async () => {
      const before = await recordings(office);
      const caller = await phone("901").call("102");
      const transferer = await phone("102").rings();
      await transferer.answer();
      await talking(caller, transferer);
      await send(transferer, by, "103");
      const receiver = await phone("103").rings();
      await receiver.answer();
      await talking(caller, receiver);
      const made = (await recordings(office)).filter((name) => !before.includes(name));
      assert.equal(made.map((name) => name.slice(0, 3)).sort(), ["102", "103"]);
      await receiver.hangup();
      await caller.ended();
    });
    await clean();
  });
}

for (const by of ways) {
  test(`by ${by}: not to be disturbed: nothing rings, a mobile neither; the transferer learns it and has the caller`, async () => {
    const office = await live();
    const { talk, phone, give, set, clean, logged } = office;
    await give("103", "mobile = 909");
    await set({ mobile_dial: "PJSIP/${NUMBER}" });
    await disturbNobody(office, () =>
      ringsNobody(office, ["103", "909"], async () => {
        const { caller, transferer } = await talk("called");
        await send(transferer, by, "103");
        if (by === "key") {
          await logged(/smart-transfer\/unavailable/);
          await logged(/complete GOSUB_RETVAL/);
          await talking(caller, transferer);
          await transferer.hangup();
          await caller.ended();
        } else {
          const recall = await phone("101").rings();
          assert.is(recall.caller.name, "RT 103 dnd: Line 900");
          await talkToTheEnd(caller, recall);
        }
      }),
    );
    await clean();
  });
}

test("a receiver who is not to be disturbed any more while a caller waits is rung when that is over", async () => {
  const office = await live();
  const { talk, phone, set, clean } = office;
  await set({ wait_timeout: "20" });
  const busy = await phone("103").call("901");
  const other = await phone("901").rings();
  await other.answer();
  await talking(busy, other);
  const { caller, transferer } = await talk("called");
  await send(transferer, "key", "103");
  await transferer.ended();
  await disturbNobody(office, () =>
    ringsNobody(office, ["103"], async () => {
      await other.hangup();
      await busy.ended();
      await sleep(3_000);
    }),
  );
  await talkToTheEnd(caller, await phone("103").rings());
  await clean();
});

test("a transferer who is not to be disturbed gets their own caller back, where they are rung by their device", async () => {
  const office = await live();
  const { talk, phone, set, clean, pbx } = office;
  await set({ dial: "" });
  await pbx.cli("devstate change Custom:DND101 BUSY");
  const { caller, transferer } = await talk("calling");
  await send(transferer, "key", "103");
  await phone("103").rings();
  await talkToTheEnd(caller, await phone("101").rings(10_000));
  await pbx.cli("devstate change Custom:DND101 NOT_INUSE");
  await pbx.cli("database del CustomDevstate DND101");
  await clean();
});

test("a dial that leads nowhere: recall at once, and check names it", async () => {
  const { talk, phone, set, run, clean, logged, mark } = await live();
  await set({ dial: "Local/${EXTENSION}@nonesuch/n" });
  await set({ fallback: "105@from-internal" });
  const { caller, transferer } = await talk("called");
  await send(transferer, "key", "103");
  // The transferer is rung through it too. The fallback is not.
  await talkToTheEnd(caller, await phone("105").rings(10_000));
  await logged(/outcome=fallback/);
  const { code, stdout } = await run("check", "--no-rehearsal");
  assert.is(code, 3);
  assert.match(stdout, /not in the dialplan: 101@nonesuch, 102@nonesuch/);
  await mark();
  await clean();
});

test("a dial of an extension's own goes before; an empty one is none", async () => {
  const { talk, phone, give, clean, log } = await live();
  await give("102", "dial = PJSIP/102");
  await give("103", "dial =");
  for (const [number, pattern] of [
    ["102", /Dial\("[^"]+", "PJSIP\/102,/],
    ["103", /Dial\("[^"]+", "Local\/103@from-queue-exten-only\/n,/],
  ] as const) {
    const { caller, transferer } = await talk("called");
    await send(transferer, "key", number);
    await talkToTheEnd(caller, await phone(number).rings());
    assert.match(await log(), pattern);
  }
  await clean();
});

for (const dial of ["Local/${EXTENSION}@from-queue-exten-only/n", ""]) {
  test(`dial = ${dial}: whom the call was sent to has the PBX's own keys: ## passes on, *2 asks first`, async () => {
    const { talk, phone, set, clean } = await live();
    await set({ dial });
    for (const keys of ["##", "*2"]) {
      const { caller, transferer } = await talk("called");
      await transferer.keys(`${key}103`);
      const receiver = await phone("103").rings();
      await receiver.answer();
      await talking(caller, receiver);
      await receiver.keys(`${keys}105`);
      const next = await phone("105").rings();
      await next.answer();
      if (keys === "*2") await receiver.hangup();
      await talking(caller, next);
      await next.hangup();
      await caller.ended();
    }
    await clean();
  });
}

test("dial_options: a caller from outside gets none of the keys", async () => {
  const { phone, set, clean } = await live();
  await set({ dial: "" });
  const caller = await phone("900").call("0101");
  const transferer = await phone("101").rings();
  await transferer.answer();
  await talking(caller, transferer);
  await send(transferer, "key", "103");
  const receiver = await phone("103").rings();
  await receiver.answer();
  await talking(caller, receiver);
  await caller.keys("##105");
  await receiver.hearsKeys("##105");
  await talking(caller, receiver);
  await receiver.hangup();
  await caller.ended();
  await clean();
});

test("a receiver behind the PBX's own dialplan cannot send a colleague to themselves", async () => {
  const office = await live();
  const { phone, clean, logged, mark } = office;
  const { caller, talked: transferer } = await talksWith(office, "102", "101");
  await send(transferer, "key", "103");
  const receiver = await phone("103").rings();
  await receiver.answer();
  await talking(caller, receiver);
  await mark();
  await send(receiver, "key", "102");
  await logged(/smart-transfer\/invalid/);
  await logged(/complete GOSUB_RETVAL/);
  await talking(caller, receiver);
  await receiver.hangup();
  await caller.ended();
  await clean();
});

/** Creates or deletes an extension as the web interface does: writes all files again and reloads them. */
async function regenerate({ pbx }: Live, edits: Record<string, (text: string) => string>): Promise<void> {
  for (const [name, edit] of Object.entries(edits)) {
    const file = join(pbx.etcDir, name);
    await writeFile(file, edit(await readFile(file, "utf8")));
  }
  await pbx.cli("core reload");
}

test("an extension that comes and one that goes in the web interface: check names both, install follows", async () => {
  const office = await live();
  const { pbx, run, phone, talk, clean } = office;
  const settings = () => readFile(join(pbx.etcDir, "smart_transfer.conf"), "utf8");
  const verdict = async () => {
    const { code, stdout } = await run("check", "--json", "--no-rehearsal");
    const checks: { id: string; status: string; seen: string; remedy?: string }[] = JSON.parse(stdout).checks;
    return { code, ...checks.find(({ id }) => id === "directory") };
  };
  const asWas = {
    "extensions.conf": await readFile(join(pbx.etcDir, "extensions.conf"), "utf8"),
    "pjsip.conf": await readFile(join(pbx.etcDir, "pjsip.conf"), "utf8"),
  };
  // 901 gets a hint, and 105 is deleted.
  await regenerate(office, {
    "extensions.conf": (text) =>
      text
        .replace("[ext-group]", "exten => 901,hint,PJSIP/901\n\n[ext-group]")
        .replace(/^exten => 105,(.*\n same.*\n same.*\n)?exten => 105,hint.*\n/m, ""),
    "pjsip.conf": (text) => text.replace(/\[105\]\(phone\)\n(.+\n)+/, ""),
  });
  const broken = await verdict();
  assert.equal([broken.code, broken.status, broken.seen], [3, "fail", "gone from this PBX: PJSIP/105"]);

  const { code, stderr } = await run("install", "--yes");
  assert.is(code, 0, stderr);
  assert.match(stderr, "105: gone from this PBX, and so from the directory.");
  assert.not.match(await settings(), /^\[105\]/m);
  const warned = await verdict();
  assert.equal([warned.code, warned.status, warned.seen], [0, "warn", "not in the directory: 901"]);
  const { caller, transferer } = await talk("called");
  await send(transferer, "key", "103");
  await talkToTheEnd(caller, await phone("103").rings());

  const follows = await run("install", "--yes", "--extensions", "auto");
  assert.is(follows.code, 0, follows.stderr);
  assert.match(follows.stderr, "901: new on this PBX, and so in the directory.");
  assert.match(await settings(), /^extensions = auto\b/m);
  assert.match(await settings(), /^\[901\]\ndevice = PJSIP\/901$/m);
  assert.is((await verdict()).status, "pass");
  assert.match((await run("install", "--yes")).stdout, "Nothing to do");

  // The web interface takes both back, and a run without any option follows.
  await regenerate(office, {
    "extensions.conf": () => asWas["extensions.conf"],
    "pjsip.conf": () => asWas["pjsip.conf"],
  });
  const again = await run("install", "--yes");
  assert.is(again.code, 0, again.stderr);
  assert.match(again.stderr, "105: new on this PBX, and so in the directory.");
  assert.is((await run("check", "--no-rehearsal")).code, 0);
  await office.mark();
  await clean();
});

for (const side of sides) {
  test(`${side}: the Transfer button to a wrong number is refused, and both keep talking`, async () => {
    await refusesWrongNumber(await live(), side);
  });
}

test("takeback_code: where the web interface includes one context in another, the transferers' phones have the code too", async () => {
  const before = await readFile(join((await live()).pbx.etcDir, "extensions.conf"), "latin1");
  const office = await live();
  const { run, set, pbx, talk, phone, recorded, clean } = office;
  const taken = await run("install", "--yes", "--set", "takeback_code=*78");
  assert.is(taken.code, 1);
  assert.match(taken.stderr, /The code \*78 \(takeback_code\) is taken: `exten => \*78,1,Answer\(\)`/);
  const installed = await run("install", "--yes", "--set", "takeback_code=*77");
  assert.is(installed.code, 0, installed.stderr);
  await set({ takeback_code: "*77" });
  assert.is(await readFile(join(pbx.etcDir, "extensions.conf"), "latin1"), before);
  // Asterisk 16 complains of its own sample at each reload of the dialplan.
  await office.mark();
  const { caller, transferer } = await talk("called");
  await send(transferer, "key", "102");
  const desk = await phone("102").rings();
  const taking = await phone("101").call("*77");
  await taking.answered();
  await desk.ended();
  await talking(caller, taking);
  await send(taking, "key", "103");
  await talkToTheEnd(caller, await phone("103").rings());
  assert.match(await recorded(), / outcome=taken-back /);
  await clean();
  const off = await run("install", "--yes", "--set", "takeback_code=");
  assert.is(off.code, 0, off.stderr);
});

test("nothing is left running", () => leavesNothing(started));

test.run();
