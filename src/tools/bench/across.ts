import type { Release } from "../../sandbox/release.ts";
import { spread, table } from "./figures.ts";
import { type Pair, remote, startPair } from "./pair.ts";
import { type Reaction, transferOnce, type Way } from "./reaction.ts";
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
  const found = new Map<Way, Reaction[]>(ways.map((way) => [way, []]));
  for (let round = 1; round <= rounds; round++) {
    if (round % 5 === 1) tell(`Two nodes, round ${round} of ${rounds}`);
    for (const way of ways) found.get(way)?.push(await transferOnce(way));
  }
  const rows = ways.map((way) => {
    const of = (what: keyof Reaction) => spread((found.get(way) ?? []).map((one) => one[what]));
    return [way.title, of("ring"), of("ringByPhones"), of("firstSound")];
  });
  return table(["last digit to ring, ms", "by the PBX's log", "by the phones' clock", "key to first sound"], rows);
}
