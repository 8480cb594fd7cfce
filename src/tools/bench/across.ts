import type { Release } from "../../sandbox/release.ts";
import { type Pair, remote, startPair } from "./pair.ts";
import { compareWays, type Way } from "./reaction.ts";
import { people } from "./site.ts";

/** A table of a transfer to another node, beside one to a phone of the same node and a plain call over a trunk. */
export async function measureAcross(release: Release, rounds: number, tell: (what: string) => void): Promise<string> {
  tell("Starting two nodes");
  const pair = await startPair(release);
  try {
    return `### Two nodes\n\n${await reactions(pair, rounds, tell)}`;
  } finally {
    await pair.stop();
  }
}

async function reactions({ here, there }: Pair, rounds: number, tell: (what: string) => void): Promise<string> {
  const ours = { site: here, key: "#", prompt: "smart-transfer/dial" };
  const { receiver, plain } = remote;
  const ways: Way[] = [
    {
      ...ours,
      title: "ours, to a phone of the same node",
      digits: people.receiver,
      receiver: people.receiver,
    },
    {
      ...ours,
      title: "ours, to a phone of the other node",
      digits: receiver,
      receiver,
      home: there,
    },
    {
      title: "blindxfer to a number that a plain Dial calls over a trunk",
      site: here,
      key: "*1",
      digits: plain,
      receiver,
      home: there,
      prompt: "pbx-transfer",
    },
  ];
  return compareWays("last digit to ring, ms", ways, rounds, (round) => tell(`Two nodes, ${round}`));
}
