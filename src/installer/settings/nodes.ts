import { kinds } from "../../contract/kinds.ts";
import { trunkPrefix } from "../../contract/names.ts";

/** One of the Asterisks that share a smart_transfer.conf, from a line of its [nodes]. */
export interface Node {
  readonly name: string;
  /** Where its SIP is. Without it, `trunk` leads there. */
  readonly address?: { readonly host: string; readonly port?: number };
  /** The admin's own trunk to it. */
  readonly trunk?: string;
}

export const longestNodeName = 40;
const isName = new RegExp(`^${kinds.name.pattern}$`);

/** Reads the value of a line in [nodes]. `undefined` if it is faulty. */
export function parseNode(name: string, value: string): Node | undefined {
  const trunk = /^@([A-Za-z0-9_.-]{1,79})$/.exec(value)?.[1];
  if (trunk !== undefined) return { name, trunk };
  const [, wrapped, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::([0-9]{1,5}))?$/.exec(value) ?? [];
  const [host, version] = wrapped === undefined ? [plain ?? "", 4] : [wrapped, 6];
  const port = digits === undefined ? undefined : Number(digits);
  if (ipVersion(host) !== version || port === 0 || (port ?? 1) > 65_535) return undefined;
  return { name, address: { host, ...(port === undefined ? {} : { port }) } };
}

/** What is wrong with a line in [nodes], given those before it. */
export function nodeFault(name: string, value: string, before: readonly Node[]): string | undefined {
  if (!isName.test(name) || name.length > longestNodeName)
    return `"${name}" is no name for a node: letters, digits, - and _, at most ${longestNodeName}`;
  const node = parseNode(name, value);
  if (node === undefined)
    return `${name} = ${value}: it must be an IP address, with or without a port (10.99.0.1, 10.99.0.1:5062, [2001:db8::1]), or @ and the name of your own trunk`;
  const sameName = before.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (sameName) return `${name} is there twice`;
  // A trunk is known by the address that its packets come from.
  const samePlace = before.find((one) => placeOf(one) === placeOf(node));
  if (samePlace) return `${name} and ${samePlace.name} have the same ${node.trunk === undefined ? "address" : "trunk"}`;
  return undefined;
}

/** 4 or 6 for an IP address. */
function ipVersion(text: string): 4 | 6 | undefined {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text))
    return text.split(".").every((part) => Number(part) <= 255) ? 4 : undefined;
  return text.includes(":") && URL.canParse(`http://[${text}]`) ? 6 : undefined;
}

function placeOf({ address, trunk }: Node): string {
  return trunk === undefined ? (address?.host ?? "") : `@${trunk}`;
}

/** The PJSIP endpoint that leads to a node. */
export function trunkTo({ name, trunk }: Node): string {
  return trunk ?? trunkPrefix + name;
}
