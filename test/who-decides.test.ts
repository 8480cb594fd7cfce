// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} is what Asterisk puts in
import { test } from "uvu";
import * as assert from "uvu/assert";
import { talking } from "../src/sandbox/call.ts";
import { type Live, leavesNothing, startLive, talksWith } from "./live.ts";

/**
 * What must not wait for Lua is decided twice: extensions.conf transfers the caller in the plain case
 * (plan/key-context.ts), Lua decides all others (dialplan/key-handed-over.ts). This table says for each state of a receiver who
 * decides, and each row is played a second time with all of it left to Lua: the caller must fare the same.
 */

const queue = `
[queues]
exten => 601,1,Answer()
 same => n,Wait(5)
`;
const started = startLive({ more: { "extensions.conf": queue } });
const live = async () => (await started).begin();

type Outcome = "sent" | "unavailable" | "invalid" | "forbidden";

interface Row {
  readonly state: string;
  readonly decides: "extensions.conf" | "Lua";
  readonly outcome: Outcome;
  /** Default: 102. */
  readonly keyed?: string;
  /** Default: 900, an outsider. */
  readonly caller?: string;
  /** Where a sent caller goes. Default: the receiver's context. */
  readonly context?: string;
  readonly prepare?: (office: Live) => Promise<unknown>;
  readonly after?: (office: Live) => Promise<unknown>;
  /** Asterisk's log has this warning. */
  readonly warns?: RegExp;
}

const offline = {
  prepare: ({ phone }: Live) => phone("102").unregister(),
  after: ({ phone }: Live) => phone("102").register(),
};

const passThrough = ({ set }: Live) => set({ pass_through: "6XX@queues" });

const rows: readonly Row[] = [
  { state: "free", decides: "extensions.conf", outcome: "sent" },
  {
    state: "talking",
    decides: "extensions.conf",
    outcome: "sent",
    prepare: (office) => talksWith(office, "901", "102"),
  },
  { state: "offline", decides: "Lua", outcome: "unavailable", ...offline },
  {
    state: "offline, with a mobile",
    decides: "Lua",
    outcome: "sent",
    ...offline,
    async prepare(office) {
      await office.set({ mobile_dial: "PJSIP/${NUMBER}" });
      await office.give("102", "mobile = 909");
      await offline.prepare(office);
    },
  },
  { state: "the transferer", decides: "Lua", outcome: "invalid", keyed: "101" },
  { state: "the caller", decides: "Lua", outcome: "invalid", caller: "102" },
  {
    state: "not to be disturbed",
    decides: "Lua",
    outcome: "unavailable",
    async prepare({ set, pbx }) {
      await set({ dnd: "Custom:DND${EXTENSION}" });
      await pbx.cli("devstate change Custom:DND102 BUSY");
    },
    async after({ pbx }) {
      await pbx.cli("devstate change Custom:DND102 NOT_INUSE");
      await pbx.cli("database del CustomDevstate DND102");
    },
  },
  {
    state: "to be disturbed, as far as is known",
    decides: "extensions.conf",
    outcome: "sent",
    prepare: ({ set }) => set({ dnd: "Custom:DND${EXTENSION}" }),
  },
  {
    state: "a bad value for dnd",
    decides: "Lua",
    outcome: "sent",
    prepare: ({ set }) => set({ dnd: "Custom:DND" }),
    warns: /dnd is not a device with \$\{EXTENSION\} in it/,
  },
  {
    state: "receive = no",
    decides: "Lua",
    outcome: "invalid",
    prepare: ({ give }) => give("102", "receive = no"),
  },
  {
    state: "receive = yes",
    decides: "extensions.conf",
    outcome: "sent",
    prepare: ({ give }) => give("102", "receive = yes"),
  },
  {
    state: "a bad value for receive",
    decides: "Lua",
    outcome: "sent",
    prepare: ({ give }) => give("102", "receive = perhaps"),
    warns: /receive is not/,
  },
  {
    state: "two devices",
    decides: "Lua",
    outcome: "sent",
    prepare: ({ give }) => give("102", "device = PJSIP/102&PJSIP/103"),
  },
  {
    state: "two devices, one of them the transferer's",
    decides: "Lua",
    outcome: "sent",
    prepare: ({ give }) => give("102", "device = PJSIP/102&PJSIP/101"),
  },
  {
    state: "a dial of their own",
    decides: "extensions.conf",
    outcome: "sent",
    prepare: ({ give }) => give("102", "dial = PJSIP/103"),
  },
  { state: "not in the directory", decides: "Lua", outcome: "invalid", keyed: "199" },
  { state: "the beginning of another extension, ended by #", decides: "Lua", outcome: "sent", keyed: "10#" },
  { state: "a letter among the digits", decides: "Lua", outcome: "invalid", keyed: "10A" },
  {
    state: "in the directory, where pass_through is set",
    decides: "Lua",
    outcome: "sent",
    prepare: passThrough,
  },
  {
    state: "a number of pass_through",
    decides: "Lua",
    outcome: "sent",
    keyed: "601",
    context: "queues",
    prepare: passThrough,
  },
  {
    state: "a number of pass_through that nobody has",
    decides: "Lua",
    outcome: "invalid",
    keyed: "602",
    prepare: passThrough,
  },
  {
    state: "the transferer is forbidden to transfer",
    decides: "Lua",
    outcome: "forbidden",
    prepare: ({ give }) => give("101", "transfer = no"),
  },
];

/** Keys the extension, and reads from the log who sent the caller where, or which prompt the transferer heard. */
async function played(office: Live, { keyed = "102", caller: number = "900" }: Row) {
  const { caller, talked: transferer } = await talksWith(office, number, "101");
  await transferer.keys(`#${keyed}`);
  const decision =
    /(\w+)\.c: Executing \[[^\]]+\] (?:BlindTransfer\("[^"]*", "([^"]*)"\)|Playback\("[^"]*", "smart-transfer\/(\w+)"\))/;
  const [, module, to, prompt] = decision.exec(await office.logged(decision, 10_000)) ?? [];
  if (to === undefined) {
    await office.logged(/complete GOSUB_RETVAL/);
    await talking(caller, transferer);
  } else await transferer.ended();
  return { decides: module === "pbx" ? "extensions.conf" : "Lua", to: to ?? "", outcome: prompt ?? "sent" };
}

for (const row of rows) {
  test(`${row.state}: ${row.decides} decides: ${row.outcome}`, async () => {
    for (const leftToLua of [false, true]) {
      const office = await live();
      await row.prepare?.(office);
      // After `invalid` the transferer is back in the call at once.
      await office.set({ dial_attempts: "1", ...(leftToLua && { digit_timeout: "soon" }) });
      await office.mark();
      const { decides, to, outcome } = await played(office, row);
      await row.after?.(office);
      assert.is(decides, leftToLua ? "Lua" : row.decides);
      assert.is(outcome, row.outcome);
      const digits = (row.keyed ?? "102").replace("#", "");
      assert.is(to, outcome === "sent" ? `${digits},${row.context ?? "smart-transfer-sent"}` : "");
      if (row.warns) await office.logged(row.warns);
    }
  });
}

test("nothing is left running", () => leavesNothing(started));

test.run();
