// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readRecord } from "../src/contract/read-record.ts";
import { sendRegister } from "../src/sandbox/register.ts";
import { dice } from "./dice.ts";
import { leavesNothing, startLive } from "./live.ts";
import { type Answer, type Dialog, type SipMessage, SipUsers } from "./sip-user.ts";

/** How many; DRILL=all tries 2,000. */
const count = process.env.DRILL === "all" ? 2_000 : 24;

/** As many at a time: each lane has a caller, a transferer and a receiver of its own. */
const lanes = [1, 2, 3, 4, 5, 6, 7, 8];
const password = "hostile";
const outsiders = ["trunk", ...lanes.map((lane) => `caller${lane}`)];
const inDirectory = lanes.flatMap((lane) => [`12${lane}`, `13${lane}`]);

/** Endpoints without a name or number of their own: what they show is what they say of themselves. */
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
    more: { "pjsip.conf": pjsip.join("") },
  });
  const installed = await office.run("install", "--yes", "--extensions", ["101", ...inDirectory].join(","));
  assert.is(installed.code, 0, installed.stderr);
  const users = await SipUsers.open(office.pbx.port);
  const register = (number: string, contact: string, secret = `password-of-${number}`, expires = 3600) =>
    sendRegister({ pbxPort: office.pbx.port, number, password: secret, contact, expires });
  await register("trunk", `sip:trunk@${users.address}`, password);
  for (const lane of lanes) await register(`12${lane}`, `sip:12${lane}@${users.address}`);
  return { office, users, register };
}

const started = startHostile();

/** What a SIP address, a name, a number and a header may be made of, and what Dial, Gosub and Lua take apart. */
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

test(`${count} hostile registrations, calls and transfers: nothing is dialled that is not in the directory`, async () => {
  const { office, users, register } = await started;
  await office.mark();
  const chance = dice(20_261_127);
  const poisoned = (text: string) => {
    let value = text;
    for (let times = chance.below(3); times >= 0; times--) {
      const at = chance.below(value.length + 1);
      value =
        value.slice(0, at) + chance.one(poison).replaceAll("UA", users.address) + value.slice(at + chance.below(2));
    }
    return value;
  };
  const inUrl = (text: string) => text.replace(/[ "<>\\^{}|Ж]/g, encodeURIComponent);
  users.answer = (request: SipMessage) => {
    const user = /^INVITE sip:(12\d)@/.exec(request.first)?.[1];
    // A transferer takes the first call and no recall: one who is rung again is left to it.
    if (user !== undefined && !users.answered.has(`sip:${user}@${users.address}`))
      return ["200 OK", `Contact: <sip:${user}@${users.address}>`];
    return chance.one<Answer>([
      ["486 Busy Here"],
      ["603 Decline"],
      ["302 Moved Temporarily", "Contact: <sip:PJSIP%2Ftrunk@pbx>"],
      ["302 Moved Temporarily", "Contact: <sip:Local%2F101%40internal@pbx>"],
      ["302 Moved Temporarily", `Contact: <sip:${inUrl(poisoned("trunk"))}@pbx>`],
      ["301 Moved Permanently", "Contact: <sip:PJSIP%2Ftrunk@pbx>"],
    ]);
  };
  const seen = { registered: 0, calls: 0, transfers: 0 };
  const attempt = async (lane: number) => {
    const [caller, transferer, receiver] = [`caller${lane}`, `12${lane}`, `13${lane}`];
    const own = `sip:${transferer}@${users.address}`;
    users.answered.delete(own);
    const contact = chance.one([
      `sip:x&PJSIP/trunk/sip:trunk@${users.address}`,
      `sip:x&PJSIP/trunk/sip:trunk@${users.address}`,
      `sip:${inUrl(poisoned("x"))}@${users.address}`,
      `sip:x@${users.address};${inUrl(poisoned("y=z"))}`,
      `sip:${receiver}@${users.address}`,
    ]);
    const taken = await register(receiver, contact).then(
      () => true,
      () => false,
    );
    if (taken) seen.registered++;
    const number = inUrl(poisoned("900"));
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
      const target = chance.one([receiver, receiver, inUrl(poisoned(receiver))]);
      const refer = [
        `Contact: <${own}>`,
        `Refer-To: <sip:${target}@127.0.0.1>`,
        `Referred-By: <sip:${inUrl(poisoned(transferer))}@127.0.0.1>`,
      ];
      const referred = await users.within(talked, "REFER", refer);
      if (referred.first.startsWith("SIP/2.0 202")) seen.transfers++;
      await sleep(300);
      await Promise.all([users.within(talked, "BYE"), users.within(call, "BYE")]);
    }
    if (taken) await register(receiver, contact, undefined, 0).catch(() => {});
  };
  let left = count;
  await Promise.all(
    lanes.map(async (lane) => {
      while (left-- > 0) await attempt(lane);
    }),
  );
  assert.ok(seen.registered > count / 4, `${seen.registered} registered`);
  assert.ok(seen.calls > count / 2, `${seen.calls} called`);
  assert.ok(seen.transfers > count / 4, `${seen.transfers} transferred`);
  const log = await office.log();
  const dialled = [...log.matchAll(/app_dial\.c: (?:-- )?Called (.*)$/gm)].map(([, device = ""]) => device);
  assert.ok(dialled.length > seen.transfers, `${dialled.length} dialled`);
  assert.equal(
    dialled.filter((device) => !/^PJSIP\/1[0-9]{2}(\/|$)/.test(device)),
    [],
    "only phones of the directory",
  );
  assert.equal(
    users.called.filter(({ first }) => first.startsWith("INVITE sip:trunk@")),
    [],
    "the trunk is not called",
  );
  assert.not.match(log, /Executing \[[^\]]*\] (System|SHELL)/);
  const records = [...log.matchAll(/NOTICE\[.*smart-transfer: (caller=.*)$/gm)].map(([, text = ""]) => text);
  assert.ok(records.length > count / 4, `${records.length} recorded`);
  assert.ok(records.filter((text) => !text.startsWith("caller=900 ")).length > count / 8, "with forged numbers too");
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
