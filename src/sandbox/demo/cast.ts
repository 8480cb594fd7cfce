import { nameOf } from "../pbx.ts";
import type { Party } from "./story.ts";

/** Who plays in the demo. */
export interface Cast {
  readonly callers: readonly [first: string, second: string];
  readonly transferer: Party;
  readonly receiver: Party;
  readonly colleague: Party;
  /** The PBXs, by the name of the node; one without a name is no node of several. */
  readonly pbxs: readonly PbxOfCast[];
}

export interface PbxOfCast {
  readonly node?: string;
  readonly host?: string;
  /** The extensions of the phones that register there. */
  readonly extensions: readonly string[];
  readonly callers: readonly string[];
}

const callers = ["900", "901"] as const;

export const oneOffice: Cast = {
  callers,
  transferer: person("101"),
  receiver: person("102"),
  colleague: person("103"),
  pbxs: [{ extensions: ["101", "102", "103"], callers }],
};

/** The receiver's phone is at another node than everybody else's. */
export const twoNodes: Cast = {
  callers,
  transferer: { ...person("101"), node: "node a" },
  receiver: { number: "201", name: "Boris", node: "node b" },
  colleague: { number: "102", name: "Clara", node: "node a" },
  pbxs: [
    { node: "a", host: "127.0.0.2", extensions: ["101", "102"], callers },
    { node: "b", host: "127.0.0.3", extensions: ["201"], callers: [] },
  ],
};

export function partiesOf({ callers, transferer, receiver, colleague, pbxs }: Cast): Party[] {
  const node = pbxs[0]?.node;
  const outside = callers.map((number) => ({ number, name: "caller", ...(node && { node: `node ${node}` }) }));
  const inside = pbxs.length > 1 ? [transferer, colleague, receiver] : [transferer, receiver, colleague];
  return [...outside, ...inside];
}

function person(number: string): Party {
  return { number, name: nameOf(number) };
}
