import { peerContext } from "../../contract/names.ts";
import type { Settings } from "../settings/model.ts";
import { type Node, trunkTo } from "../settings/nodes.ts";
import { confHeader } from "./headers.ts";
import type { Snapshot } from "./snapshot.ts";

/** Included by our pjsip.conf. */
export const nodesFile = "pjsip-nodes.conf";

/** The user of the digest between nodes, where there is a password. */
const peerUser = "smart-transfer";

/** The trunks that we make: to each other node whose address is known. The admin's own trunks are left alone. */
export function ownTrunks({ nodes, self }: Settings): Node[] {
  return self === undefined ? [] : nodes.filter(({ name, trunk }) => name !== self && trunk === undefined);
}

/** The trunks to the other nodes; `undefined` if we make none. */
export function nodeTrunks(settings: Settings, transports: Snapshot["transports"]): string | undefined {
  const trunks = ownTrunks(settings);
  if (trunks.length === 0) return undefined;
  const own = settings.nodes.find(({ name }) => name === settings.self);
  return confHeader + trunks.map((node) => trunk(node, own, settings, transports)).join("");
}

/**
 * Identified by address alone: Asterisk tries the user name too, and then anybody who writes `From: smart-transfer-b`
 * would be node b (res_pjsip_endpoint_identifier_user.c). Qualified often, so that a dead node is seen before a caller
 * is sent there; `rtp_timeout` ends the calls that it had.
 */
function trunk(node: Node, own: Node | undefined, { general }: Settings, transports: Snapshot["transports"]): string {
  const { peer_password: password, peer_transport: transport } = general;
  const name = trunkTo(node);
  const protocol = transports?.get(transport) ?? "udp";
  const host = written(node.address?.host ?? "");
  const port = node.address?.port === undefined ? "" : `:${node.address.port}`;
  // A bare semicolon would begin a comment.
  const parameter = protocol === "udp" ? "" : `\\;transport=${protocol}`;
  return section(name, "endpoint", [
    `context = ${peerContext}`,
    "identify_by = ip",
    "disallow = all",
    "allow = ulaw,alaw",
    "direct_media = no",
    // Else Asterisk asks for the address of its own host name.
    ...(own?.address === undefined ? [] : [`media_address = ${own.address.host}`]),
    "trust_id_inbound = yes",
    "trust_id_outbound = yes",
    "send_pai = yes",
    "rtp_timeout = 30",
    `aors = ${name}`,
    ...(transport === "" ? [] : [`transport = ${transport}`]),
    ...(password === "" ? [] : [`auth = ${name}`, `outbound_auth = ${name}`]),
  ]).concat(
    section(name, "aor", [`contact = sip:${host}${port}${parameter}`, "qualify_frequency = 5", "qualify_timeout = 1"]),
    section(name, "identify", [`endpoint = ${name}`, `match = ${node.address?.host}`]),
    password === ""
      ? ""
      : section(name, "auth", ["auth_type = userpass", `username = ${peerUser}`, `password = ${password}`]),
  );
}

/** An address as a URI has it. */
function written(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function section(name: string, type: string, lines: readonly string[]): string {
  return `\n[${name}]\n${[`type = ${type}`, ...lines].map((line) => `${line}\n`).join("")}`;
}
