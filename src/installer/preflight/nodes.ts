import { entriesOf, placeOf } from "../../asterisk/config-tree.ts";
import { covers, identifiedIn, transportsIn } from "../../asterisk/identify.ts";
import { peerContext } from "../../contract/names.ts";
import { ownTrunks } from "../plan/node-trunks.ts";
import type { Settings } from "../settings/model.ts";
import { type Finding, refusal, warning } from "./finding.ts";
import type { Inspection } from "./inspection.ts";

/** Reports obstacles to trunks between the nodes. Without [nodes] there are none. */
export function nodeFindings(inspection: Inspection, settings: Settings): Finding[] {
  const { nodes, self } = settings;
  if (self === undefined || nodes.every(({ name }) => name === self)) return [];
  return [
    ...moduleFindings(inspection, settings),
    ...orderFindings(inspection),
    ...clashFindings(inspection, settings),
    ...transportFindings(inspection, settings),
    ...trunkFindings(inspection, settings),
  ];
}

function moduleFindings({ modules: { running } }: Inspection, { general }: Settings): Finding[] {
  const wanted = [
    "chan_pjsip.so",
    "res_pjsip_endpoint_identifier_ip.so",
    ...(general.peer_password === ""
      ? []
      : ["res_pjsip_authenticator_digest.so", "res_pjsip_outbound_authenticator_digest.so"]),
  ];
  const missing = running && wanted.filter((module) => !running.has(module));
  if (missing === undefined || missing.length === 0) return [];
  if (missing.includes("chan_pjsip.so"))
    return [
      refusal(
        "The nodes of [nodes] are joined by trunks of PJSIP, and this Asterisk has it not loaded.",
        "Load chan_pjsip.so beside chan_sip, with a transport on another port, then run this again; without [nodes] it is not needed.",
      ),
    ];
  return [
    refusal(
      `The trunks between the nodes need ${missing.join(", ")}, and this Asterisk has not loaded it.`,
      `Run \`asterisk -rx 'module load ${missing[0]}'\`, see that modules.conf loads it at the next start, then run this again.`,
    ),
  ];
}

/** Peers are known by their address alone. */
function orderFindings({ sip }: Inspection): Finding[] {
  const line = entriesOf(sip?.pjsip ?? [], "global").findLast(({ name }) => name === "endpoint_identifier_order");
  if (line === undefined || line.value.split(",").some((one) => one.trim() === "ip")) return [];
  return [
    refusal(
      `${placeOf(line)} leaves out ip, so PJSIP looks at no address, and the other nodes are known by theirs.`,
      "Add ip to endpoint_identifier_order, restart Asterisk, then run this again.",
    ),
  ];
}

/** Of two that have the same address PJSIP takes the first by name, so one of the two trunks would get no call. */
function clashFindings({ sip }: Inspection, settings: Settings): Finding[] {
  const identified = identifiedIn(sip?.pjsip ?? [], sip?.wizard ?? []);
  return ownTrunks(settings).flatMap(({ name, address }) => {
    const host = address?.host ?? "";
    const other = identified.find(({ from }) => from.some((one) => covers(one, host)));
    if (other === undefined) return [];
    return [
      refusal(
        `${other.place}: what comes from ${host}, the address of node ${name}, is already taken for the endpoint ${other.endpoint}.`,
        `Write \`${name} = @${other.endpoint}\` in [nodes], to use that trunk, or delete that line.`,
      ),
    ];
  });
}

function transportFindings({ sip }: Inspection, { general }: Settings): Finding[] {
  const { peer_transport: name } = general;
  const transports = transportsIn(sip?.pjsip ?? []);
  if (name === "" || transports.has(name)) return [];
  const there = [...transports.keys()].join(", ");
  return [
    refusal(
      `peer_transport = ${name}: pjsip.conf has no transport of that name.`,
      there === "" ? "Add one there, or leave peer_transport empty." : `Name one of those it has: ${there}.`,
    ),
  ];
}

/** The admin's own trunks to other nodes must be there, and what comes from them must reach us. */
function trunkFindings({ snapshot, devices, dialplan }: Inspection, { nodes, self }: Settings): Finding[] {
  return nodes.flatMap(({ name, trunk }) => {
    if (trunk === undefined || name === self) return [];
    const endpoint = snapshot.endpoints.get(`PJSIP/${trunk}`);
    if (endpoint === undefined && !(devices?.has(`PJSIP/${trunk}`) ?? false))
      return [
        refusal(
          `${name} = @${trunk} in [nodes]: this Asterisk has no PJSIP endpoint ${trunk}.`,
          `Name the trunk that leads to ${name}, or its address.`,
        ),
      ];
    if (endpoint === undefined || endpoint.context === peerContext) return [];
    const includes = entriesOf(dialplan, endpoint.context.toLowerCase()).some(
      (line) => line.name === "include" && line.value.split(",")[0]?.trim() === peerContext,
    );
    if (includes) return [];
    return [
      warning(
        `What comes from node ${name} through your trunk ${trunk} goes to the context ${endpoint.context}, where nobody knows what it wants.`,
        `Put \`include => ${peerContext}\` first into [${endpoint.context}], or say \`context = ${peerContext}\` for a trunk that is for this alone.`,
      ),
    ];
  });
}
