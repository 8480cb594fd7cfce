import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { type Office, startOffice } from "../src/sandbox/office.ts";
import { unpackAsterisk } from "../src/sandbox/packages.ts";
import { freeTcpPort, freeUdpPorts } from "../src/sandbox/ports.ts";

const company = { endpoints: ["101", "102"], outsiders: ["900"] };

/** Runs a story in an office, and stops the office in any case. */
async function inOffice(story: (office: Office) => Promise<void>): Promise<void> {
  const office = await startOffice({ release: await unpackAsterisk(), ...company });
  try {
    await story(office);
  } finally {
    await office.stop();
  }
}

async function channels({ pbx }: Office): Promise<string> {
  return (await pbx.cli("core show channels count")).split("\n")[0] ?? "";
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

test("no port is given twice, though it is free until an Asterisk takes it", async () => {
  // Linux has some fourteen thousand odd ports: among three hundred draws some come twice.
  const tcp = [];
  for (let time = 0; time < 300; time++) tcp.push(await freeTcpPort());
  assert.is(new Set(tcp).size, 300);
  const udp = [...(await freeUdpPorts(150)), ...(await freeUdpPorts(150))];
  assert.is(new Set([...udp, ...tcp]).size, 600);
});

test("a customer calls Anna, and they talk", () =>
  inOffice(async (office) => {
    const anna = office.phone("101");
    const customer = await office.phone("900").call("101");
    const call = await anna.rings();
    assert.equal(call.caller, { number: "900", name: "Line 900" });
    assert.not(call.isUp);
    await customer.ringing();

    await call.answer();
    await customer.answered();
    await customer.hearsNothing(100);
    await call.speak();
    await customer.hears();
    await call.hearsNothing(100);
    await customer.speak();
    await call.hears();

    await call.keys("#102");
    await customer.hearsKeys("#102");
    assert.is(customer.heardKeys(), "#102");

    await customer.hangup();
    assert.is(await call.ended(), 16);
    assert.ok((call.at("ended") ?? 0) - (customer.at("dials") ?? 0) > 0);
    assert.is(await channels(office), "0 active channels");
  }));

test("a phone answers by itself, is busy, declines, rings on, and is switched off", () =>
  inOffice(async (office) => {
    const [anna, boris] = [office.phone("101"), office.phone("102")];
    anna.policy = "answer";
    const answered = await boris.call("101");
    await answered.answered();
    assert.is(anna.calls[0]?.caller.name, "Boris");
    await answered.keys("9*");
    await anna.calls[0]?.hearsKeys("9*");
    await anna.calls[0]?.hangup();
    await answered.ended();

    anna.policy = "busy";
    assert.is(await (await boris.call("101")).ended(), 17);

    anna.policy = "decline";
    await (await boris.call("101")).ended();
    assert.is(anna.calls.length, 3);

    anna.policy = "ring";
    const patient = await boris.call("101");
    const ringing = await anna.rings();
    await patient.hangup();
    await ringing.ended();
    assert.not(ringing.at("answered"));

    await anna.unregister();
    assert.match(await office.pbx.cli("core show hint 101"), "Unavailable");
    await (await boris.call("101")).ended();
    await anna.register();
    assert.match(await office.pbx.cli("core show hint 101"), "Idle");
    assert.is(anna.calls.length, 4);
  }));

test("a phone transfers by its own button; the PBX comes back from a restart with its phones", () =>
  inOffice(async (office) => {
    const [anna, boris] = [office.phone("101"), office.phone("102")];
    const customer = await office.phone("900").call("101");
    const call = await anna.rings();
    await call.answer();
    await call.speak();
    await customer.hears();
    await call.refer("102");
    const passedOn = await boris.rings();
    assert.is(passedOn.caller.number, "900");
    await passedOn.answer();
    await call.ended();
    await passedOn.speak();
    await customer.hears();

    await customer.hangup();
    await office.pbx.restart();
    await office.phone("900").call("101");
    await anna.rings();
    try {
      await anna.rings(50);
      assert.unreachable();
    } catch (error) {
      assert.is((error as Error).message, "After 50 ms still no call for phone 101.");
    }
  }));

test("two offices stand side by side with quiet logs, and leave nothing", async () => {
  const release = await unpackAsterisk();
  const offices = await Promise.all([startOffice({ release, ...company }), startOffice({ release, ...company })]);
  const pids = offices.flatMap(({ pbx, phonesAsterisk }) => [pbx.pid, phonesAsterisk.pid]);
  try {
    await Promise.all(
      offices.map(async (office) => {
        const caller = await office.phone("900").call("102");
        const receiver = await office.phone("102").rings();
        await receiver.answer();
        await talking(caller, receiver);
        await caller.hangup();
        assert.is(office.phone("102").calls.length, 1);
        const log = await readFile(office.pbx.logFile, "utf8");
        assert.equal(
          log.split("\n").filter((line) => /(WARNING|ERROR)\[/.test(line)),
          [],
        );
      }),
    );
  } finally {
    await Promise.all(offices.map((office) => office.stop()));
  }
  assert.equal(pids.filter(isAlive), []);
  for (const { folder } of offices) assert.not(await exists(folder));
});

test("an Asterisk dies with the program that started it", async () => {
  const folder = import.meta.dirname;
  const script = `
    const { startOffice } = await import(${JSON.stringify(join(folder, "../src/sandbox/office.ts"))});
    const { unpackAsterisk } = await import(${JSON.stringify(join(folder, "../src/sandbox/packages.ts"))});
    const office = await startOffice({ release: await unpackAsterisk(), endpoints: ["101"] });
    console.log(JSON.stringify([office.folder, office.pbx.pid, office.phonesAsterisk.pid]));
    setTimeout(() => {}, 60_000);`;
  const child = execa(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], { reject: false });
  for await (const line of child) {
    const [office, ...pids] = JSON.parse(line) as [string, number, number];
    assert.equal(pids.map(isAlive), [true, true]);
    child.kill("SIGTERM");
    await child;
    // The kernel removes killed processes a moment later.
    while (pids.some(isAlive)) await new Promise(setImmediate);
    assert.not(await exists(office));
  }
});

test.run();
