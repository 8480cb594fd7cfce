// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Asterisk's own variables
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { leavesNothing, startLive } from "./live.ts";

/** `7` before a number records whoever calls, `8` whoever is called. */
const more = {
  "extensions.conf": `
[internal]
exten => _7XXX,1,MixMonitor(\${ASTLOGDIR}/\${UNIQUEID}.wav)
 same => n,Dial(PJSIP/\${EXTEN:1},30,tT)
exten => _8XXX,1,Dial(PJSIP/\${EXTEN:1},30,tTb(recorded^s^1))
[recorded]
exten => s,1,MixMonitor(\${ASTLOGDIR}/\${UNIQUEID}.wav)
 same => n,Return()
`,
  "features.conf": "\n[featuremap]\nblindxfer => ##\n",
};
const started = startLive({ more });
const live = async () => (await started).begin();

/** As after Asterisk's own blind transfer: a recording of the caller's channel goes on, one of the transferer's ends. */
const stories = [
  ["called", "7", "caller", ["PJSIP/900"]],
  ["called", "8", "transferer", []],
  ["calling", "7", "transferer", []],
  ["calling", "8", "caller", ["PJSIP/900"]],
] as const;
/** Asterisk's own, ours, and the phone's Transfer button. */
const ways = ["##", "#7", "button"];

for (const [side, prefix, whose, expected] of stories) {
  for (const way of ways) {
    test(`${side}, ${way}: a recording of the ${whose} ${expected.length > 0 ? "goes on" : "ends"}`, async () => {
      const { phone, pbx, clean } = await live();
      const [from, to] = side === "called" ? (["900", "101"] as const) : (["101", "900"] as const);
      const out = await phone(from).call(`${prefix}${to}`);
      const into = await phone(to).rings();
      await into.answer();
      await talking(out, into);
      const recorded = async () => {
        const names = [...(await pbx.cli("core show channels concise")).matchAll(/^(PJSIP\/\d+)-[^!]+/gm)];
        const shown = names.map(
          async ([channel, phone]) => [phone, await pbx.cli(`mixmonitor list ${channel}`)] as const,
        );
        return (await Promise.all(shown)).flatMap(([phone, text]) => (/^0x/m.test(text) ? [phone] : []));
      };
      assert.equal(await recorded(), [whose === "caller" ? "PJSIP/900" : "PJSIP/101"]);
      const [caller, transferer] = side === "called" ? [out, into] : [into, out];
      if (way === "button") await transferer.refer("102");
      else await transferer.keys(`${way}102`);
      const receiver = await phone("102").rings();
      await receiver.answer();
      await talking(caller, receiver);
      assert.equal(await recorded(), expected);
      await receiver.hangup();
      await caller.ended();
      await clean();
    });
  }
}

test("nothing is left running", () => leavesNothing(started));

test.run();
