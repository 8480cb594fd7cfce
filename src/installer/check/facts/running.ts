import { setTimeout as sleep } from "node:timers/promises";
import type { AsteriskCli } from "../../../asterisk/cli.ts";
import { entries, placeOf, type TreeLine } from "../../../asterisk/config-tree.ts";
import { pbxConfig } from "../../../asterisk/modules.ts";
import { deviceOf, type Endpoint } from "../../../asterisk/technologies.ts";
import { contexts, features, plainContexts } from "../../../contract/names.ts";
import { buttonContext } from "../../../contract/scenes.ts";
import { few } from "../../../terminal/few.ts";
import { transferEndpoints } from "../../plan/endpoint-files.ts";
import { loadedContexts } from "../../plan/loader-block.ts";
import { keyShown } from "../../preflight/codes.ts";
import { keyFindings } from "../../preflight/keys.ts";
import { fail, pass, type Verdict, warn } from "../../verdict.ts";
import type { Evidence, Fact } from "../evidence.ts";
import { keep, spread } from "../sample.ts";

const reload = (module: string) =>
  `Run \`asterisk -rx 'module reload ${module}'\`. If that does not help, Asterisk's log tells why.`;

/** Checks what the running Asterisk has loaded. */
export const runningFacts: readonly Fact[] = [
  {
    id: "contexts",
    live: true,
    look: ({ settings, inspection }) => {
      const there = inspection.running?.contexts ?? new Set();
      const inConf = [
        ...Object.values(plainContexts),
        ...(settings.general.transfer_button === "no" ? [] : [buttonContext]),
      ];
      const inLua = loadedContexts(settings.nodes.length > 0);
      for (const [names, module] of [
        [inLua, "pbx_lua.so"],
        [inConf, pbxConfig],
      ] as const) {
        const missing = names.filter((name) => !there.has(name));
        if (missing.length > 0) return fail(`not in the dialplan: ${missing.join(", ")}`, reload(module));
      }
      return pass(`${inLua.length + inConf.length} contexts`);
    },
  },
  {
    id: "key",
    live: true,
    look: ({ settings, inspection }) => {
      const shown = inspection.running?.features ?? "";
      const keys = [
        { name: features.transfer, key: settings.general.transfer_key },
        { name: features.return, key: settings.general.return_key },
      ];
      const wrong = keys.find(({ name, key }) => keyShown(name, shown) !== key);
      if (wrong === undefined) return pass(keys.map(({ name, key }) => `${key} ${name}`).join(", "));
      const live = keyShown(wrong.name, shown);
      const seen =
        live === undefined
          ? `Asterisk does not know the feature ${wrong.name}`
          : `in the running Asterisk the key of ${wrong.name} is ${live}, not ${wrong.key}`;
      return fail(seen, reload("features"));
    },
  },
  {
    id: "shadow",
    live: true,
    look: ({ settings, inspection }) => {
      const findings = keyFindings(settings.general, inspection.features, inspection.running?.features);
      const refused = findings.find(({ kind }) => kind === "refusal");
      if (refused) return fail(refused.says, `${refused.remedy} Then run \`asterisk -rx 'module reload features'\`.`);
      const warned = findings.find(({ kind }) => kind === "warning");
      return warned ? warn(warned.says, warned.remedy) : pass("no other feature takes the keys");
    },
  },
  { id: "endpoints", live: true, look: endpoints },
  { id: "call counters", live: true, look: callCounters },
  {
    id: "events",
    live: true,
    look: async ({ cli }) => {
      const isOn = /^CEL Logging: Enabled/m.test((await cli?.run("cel show status")) ?? "");
      if (!isOn) return pass("Asterisk's event log (CEL) is off");
      return pass(
        `Asterisk's event log (CEL) is on and records rehearsals: channels with @${contexts.key}- in their name`,
      );
    },
  },
];

async function endpoints({ cli, settings, tree }: Evidence): Promise<Verdict> {
  const all = transferEndpoints(settings);
  const looked = spread(all);
  const lacks = async (endpoint: Endpoint) => !carriesKey(endpoint, await shownBy(cli, endpoint));
  let without = await keep(looked, lacks);
  if (without.some(({ technology }) => technology.name === "SIP")) {
    // chan_sip reports a reload as done before it has read anything (do_monitor).
    await sleep(1000);
    without = await keep(without, lacks);
  }
  const of = looked.length < all.length ? ` (checked: ${looked.length} of ${all.length})` : "";
  const [first] = without;
  if (first === undefined) return pass(`${all.length} endpoints have the key${of}`);
  const names = few(without.map(deviceOf).sort());
  return fail(`without the key: ${names}${of}`, remedyFor(first, await tree(first.technology.conf)));
}

/** A later line for the same variable replaces ours: Asterisk keeps the last one (res_pjsip, set_var_handler). */
function remedyFor({ name: endpoint, technology }: Endpoint, tree: readonly TreeLine[]): string {
  const reader = technology.name === "PJSIP" ? "res_pjsip.so" : technology.driver;
  const reload = `run \`asterisk -rx 'module reload ${reader}'\``;
  const line = entries(tree).find(
    ({ name, value, section }) =>
      section.name === endpoint &&
      section.from.some((one) => one.startsWith("+")) &&
      name === technology.variable &&
      /^DYNAMIC_FEATURES\s*=/.test(value),
  );
  if (line !== undefined) return `Delete ${placeOf(line)}, which replaces ours, then ${reload}.`;
  return `R${reload.slice(1)}. If that does not help, check that ${endpoint} is still in ${technology.conf}, then run \`asterisk-smart-transfer install\`.`;
}

/**
 * Without a call counter a chan_sip peer is never in use (update_call_counter), so a phone that is in a call would be
 * rung again.
 */
async function callCounters({ cli, settings }: Evidence): Promise<Verdict> {
  const peers = transferEndpoints(settings).filter(({ technology }) => technology.name === "SIP");
  if (peers.length === 0) return { status: "skipped", seen: "no peers of chan_sip" };
  const uncounted = await keep(spread(peers), async (peer) => /^ *Call limit +: 0\s*$/m.test(await shownBy(cli, peer)));
  if (uncounted.length === 0) return pass("Asterisk sees when peers are busy");
  return warn(
    `Asterisk does not see when these peers are busy: ${few(uncounted.map(deviceOf))}`,
    "Set callcounter = yes in [general] of sip.conf, then run `asterisk -rx 'module reload chan_sip.so'`.",
  );
}

async function shownBy(cli: AsteriskCli | undefined, { technology, name }: Endpoint): Promise<string> {
  return (await cli?.run(`${technology.show} ${name}`)) ?? "";
}

function carriesKey({ technology }: Endpoint, shown: string): boolean {
  const list = technology.shown("DYNAMIC_FEATURES").exec(shown)?.[1] ?? "";
  return list.split("#").includes(features.transfer);
}
