// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readRecord } from "../src/contract/read-record.ts";
import { sendRegister } from "../src/sandbox/register.ts";
import { dice } from "../src/tools/chaos/dice.ts";
import { isWhole } from "./drill.ts";
import { leavesNothing, startLive } from "./live.ts";
import { type Answer, type Dialog, type SipMessage, SipUsers } from "./sip-user.ts";

/** How many; DRILL=all tries 2,000. The same seed makes the same attempts: SEED=NUMBER. */
const count = isWhole ? 2_000 : 120;
const seed = Number(process.env.SEED ?? 20_261_127);

/** The number of attempts at a time. Each lane has its own caller, transferer and receiver. */
const lanes = Array.from({ length: 24 }, (_, lane) => String(lane + 10));
/** From one attempt to the next, in ms: Asterisk holds the ports of a call's legs for half a minute after its end. */
const pace = 100;
const password = "hostile";
const outsiders = ["trunk", ...lanes.map((lane) => `caller${lane}`)];
const inDirectory = lanes.flatMap((lane) => [`2${lane}`, `3${lane}`]);

/** Endpoints without a name or number in the configuration: their phones choose what is shown. */
const pjsip = outsiders.map(
  (name) => `
[${name}](phone)
auth = ${name}
aors = ${name}
trust_id_inbound = yes
[${name}](phone-auth)
username = ${name}
password = ${password}
[${name}](phone-aor)
`,
);

async function startHostile() {
  const office = await startLive({
    endpoints: ["101", "102", "103", "104", "105", "10"],
    phoneless: inDirectory,
    rtpPorts: isWhole ? 2_000 : 1_000,
    more: { "pjsip.conf": pjsip.join("") },
  });
  const installed = await office.run("install", "--yes", "--extensions", ["101", ...inDirectory].join(","));
  assert.is(installed.code, 0, installed.stderr);
  const users = await SipUsers.open(office.pbx.port);
  const register = (number: string, contact: string, secret = `password-of-${number}`, expires = 3600) =>
    sendRegister({ pbxPort: office.pbx.port, number, password: secret, contact, expires });
  await register("trunk", `sip:trunk@${users.address}`, password);
  for (const lane of lanes) await register(`2${lane}`, `sip:2${lane}@${users.address}`);
  return { office, users, register };
}

const started = startHostile();

/** The parts of SIP addresses, names and headers, and the characters at which Dial, Gosub and Lua split arguments. */
const poison = [
  ...`&,|^;:!?*'"()[]{}<>$#%=+~/\\@ `,
  "&PJSIP/trunk/sip:trunk@UA",
  "&PJSIP/trunk",
  "&Local/101@internal",
  ",5,U(smart-transfer-recall^s^1)",
  ",1,G(internal^101^1)",
  "%26PJSIP%2Ftrunk",
  "Local%2F101%40internal",
  "PJSIP%2Ftrunk",
  "${SHELL(id)}",
  "$[1+1]",
  "%0d%0a",
  "%00",
  "%22",
  ";x=[",
  ";x=]",
  "^trunk^",
  " outcome=answered desk=0.1",
  "%20outcome=answered%20desk=0.1",
  "Ж",
  "x".repeat(300),
];

/** The lane that a receiver's contact names, and so a call to it. */
const laneMark = "lane=";
const laneIn = ({ first }: SipMessage) => /;lane=(\d\d)/.exec(first)?.[1];

const inUrl = (text: string) => text.replace(/[ "<>\\^{}|Ж]/g, encodeURIComponent);

/** What an attempt says, by its number. */
function sayings(number: number, ownAddress: string) {
  // Spreads the seeds: neighbours must not draw alike.
  const chance = dice(Math.imul(seed + number, 0x9e3779b1));
  const poisoned = (text: string) => {
    let value = text;
    for (let times = chance.below(3); times >= 0; times--) {
      const at = chance.below(value.length + 1);
      value = value.slice(0, at) + chance.one(poison).replaceAll("UA", ownAddress) + value.slice(at + chance.below(2));
    }
    return value;
  };
  return { chance, poisoned, inUrlPoisoned: (text: string) => inUrl(poisoned(text)) };
}

test(`${count} hostile registrations, calls and transfers: nothing is dialled that is not in the directory`, async () => {
  const { office, users, register } = await started;
  await office.mark();
  const begun = Date.now();
  /** What the phone of a lane's receiver says is drawn with the attempt's own dice. */
  const underWay = new Map<string, ReturnType<typeof sayings>>();
  users.answer = (request: SipMessage) => {
    const user = /^INVITE sip:(2\d\d)@/.exec(request.first)?.[1];
    // A transferer takes each call but a recall, which tells them so (dialplan/alert.ts). What their phone says to the caller's own
    // Dial is none of ours: that one may forward to anywhere.
    if (user !== undefined && !request.headers.has("alert-info"))
      return ["200 OK", `Contact: <sip:${user}@${users.address}>`];
    const lane = user?.slice(1) ?? laneIn(request) ?? "";
    const { chance, inUrlPoisoned } = underWay.get(lane) ?? sayings(0, users.address);
    return chance.one<Answer>([
      ["486 Busy Here"],
      ["603 Decline"],
      ["302 Moved Temporarily", "Contact: <sip:PJSIP%2Ftrunk@pbx>"],
      ["302 Moved Temporarily", "Contact: <sip:Local%2F101%40internal@pbx>"],
      ["302 Moved Temporarily", `Contact: <sip:${inUrlPoisoned("trunk")}@pbx>`],
      ["301 Moved Permanently", "Contact: <sip:PJSIP%2Ftrunk@pbx>"],
    ]);
  };
  const seen = { registered: 0, calls: 0, transfers: 0, rung: 0 };
  const attempt = async (lane: string, attemptNumber: number) => {
    const [caller, transferer, receiver] = [`caller${lane}`, `2${lane}`, `3${lane}`];
    const own = `sip:${transferer}@${users.address}`;
    users.answered.delete(own);
    const said = sayings(attemptNumber, users.address);
    underWay.set(lane, said);
    const { chance, poisoned, inUrlPoisoned } = said;
    const contact = chance.one([
      `sip:x&PJSIP/trunk/sip:trunk@${users.address}`,
      `sip:x&PJSIP/trunk/sip:trunk@${users.address}`,
      `sip:${inUrlPoisoned("x")}@${users.address}`,
      `sip:x@${users.address};${inUrlPoisoned("y=z")}`,
      `sip:${receiver}@${users.address}`,
    ]);
    const taken = await register(receiver, `${contact};${laneMark}${lane}`).then(
      () => true,
      () => false,
    );
    if (taken) seen.registered++;
    const number = inUrlPoisoned("900");
    const name = poisoned("Smith").replace(/["\\]/g, "");
    const extra = [
      `P-Asserted-Identity: "${name}" <sip:${number}@127.0.0.1>`,
      `User-Agent: ${poisoned("phone")}`,
      `Subject: ${poisoned("hello")}`,
      `Diversion: <sip:${number}@x>`,
    ];
    // By the user in From Asterisk tells whose call it is.
    const call = await users.call(caller, password, transferer, `"${name}" <sip:${caller}@127.0.0.1>`, extra);
    const talked: Dialog | undefined = users.answered.get(own);
    if (call !== undefined && talked !== undefined) {
      seen.calls++;
      const target = chance.one([receiver, receiver, inUrlPoisoned(receiver)]);
      const refer = [
        `Contact: <${own}>`,
        `Refer-To: <sip:${target}@127.0.0.1>`,
        `Referred-By: <sip:${inUrlPoisoned(transferer)}@127.0.0.1>`,
      ];
      const rings = users.called.length;
      const referred = await users.within(talked, "REFER", refer);
      if (referred.first.startsWith("SIP/2.0 202")) {
        seen.transfers++;
        const isRung = () => users.called.slice(rings).some((request) => laneIn(request) === lane);
        for (let waited = 0; waited < 3_000 && !isRung(); waited += 20) await sleep(20);
        if (isRung()) seen.rung++;
      }
      await Promise.all([users.within(talked, "BYE"), users.within(call, "BYE")]);
    }
    if (taken) await register(receiver, `${contact};${laneMark}${lane}`, undefined, 0).catch(() => {});
  };
  let next = 0;
  await Promise.all(
    lanes.map(async (lane) => {
      while (next < count) {
        const number = ++next;
        await sleep(Math.max(0, begun + number * pace - Date.now()));
        await attempt(lane, number);
      }
    }),
  );
  const log = await office.log();
  const dialled = [...log.matchAll(/app_dial\.c: (?:-- )?Called (.*)$/gm)].map(([, device = ""]) => device);
  const endpointOf = (device: string) => /^PJSIP\/(\d+)(?:\/|$)/.exec(device)?.[1] ?? "";
  const toReceivers = dialled.filter((device) => endpointOf(device).startsWith("3")).length;
  const kept = [...log.matchAll(/has a contact that is not a plain SIP address/g)].length;
  const barred = [...log.matchAll(/Forwarding \S+ to '.*' prevented/g)].length;
  const records = [...log.matchAll(/NOTICE\[.*smart-transfer: (caller=.*)$/gm)].map(([, text = ""]) => text);
  const forged = records.filter((text) => !text.startsWith("caller=900 ")).length;
  console.log(
    `seed ${seed}: ${count} attempts in ${Math.round((Date.now() - begun) / 1000)} s: ${seen.registered} contacts registered, ` +
      `${seen.calls} calls answered, ${seen.transfers} transfers accepted, ${records.length} recorded (${forged} with a forged number); ` +
      `${dialled.length} times Dial, ${toReceivers} of them receivers, ${seen.rung} heard their phone ring; ` +
      `${kept} contacts kept from Dial, ${barred} forwards barred`,
  );
  assert.ok(seen.registered > count * 0.7, "contacts were registered");
  assert.ok(seen.calls > count * 0.9, "calls were answered");
  assert.ok(seen.transfers > count * 0.7, "transfers were accepted");
  // A third goes to a forged target, and some receivers have no contact.
  assert.ok(records.length > count / 4, "transfers were recorded");
  assert.ok(forged > count / 4, "with forged numbers too");
  assert.ok(toReceivers > count / 4, "Dial was reached");
  assert.ok(seen.rung > count / 4, "phones rang");
  assert.ok(kept > count / 4, "hostile contacts came to the dialplan");
  assert.ok(barred > count / 8, "forwards came to Asterisk");
  assert.equal(
    dialled.filter((device) => !inDirectory.includes(endpointOf(device))),
    [],
    "only phones of the directory",
  );
  assert.equal(
    users.called.filter(({ first }) => first.startsWith("INVITE sip:trunk@")),
    [],
    "the trunk is not called",
  );
  assert.not.match(log, /Executing \[[^\]]*\] (System|SHELL)/);
  for (const text of records) {
    const record = readRecord(text);
    assert.ok(record, text);
    assert.ok(inDirectory.includes(record.from) && inDirectory.includes(record.to), text);
  }
  assert.match(log, /Forwarding \S+ to 'PJSIP\/trunk' prevented/);
  assert.match(await office.pbx.cli("core show version"), /^Asterisk/, "it lives");
});

test("nothing is left running", async () => {
  const { office, users } = await started;
  users.close();
  await leavesNothing(Promise.resolve(office));
});

test.run();
