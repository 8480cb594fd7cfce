import type { Release } from "../../sandbox/release.ts";
import { Crowd, lost, rings } from "./crowd.ts";
import { spread, table } from "./figures.ts";
import { type Pair, remote, startPair } from "./pair.ts";
import { type Reaction, transferOnce, type Way } from "./reaction.ts";
import { people } from "./site.ts";

/** The number of simultaneous calls during sequential transfers, and the duration. */
const atATime = 100;
const seconds = 12;

/** Tables of a transfer to another node, beside one to a phone of the same node and a plain call over a trunk. */
export async function measureAcross(release: Release, rounds: number, tell: (what: string) => void): Promise<string> {
  tell("Starting two nodes");
  const pair = await startPair(release);
  try {
    return `### Two nodes\n\n${await reactions(pair, rounds, tell)}\n${await crowds(pair, tell)}`;
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

/** Many at once, to phones of the same node and of the other one. */
async function crowds({ here, there }: Pair, tell: (what: string) => void): Promise<string> {
  const crowd = await Crowd.gather(here, "#", there);
  tell("Transfers one after the other, to the other node");
  const [since, before] = [Date.now(), await here.processorTime()];
  const beforeThere = await there.processorTime();
  const outcomes = await crowd.keepTransferring(atATime, seconds);
  const rate = (outcomes.length / (Date.now() - since)) * 1000;
  const spent = (now: number, then: number) => ((now - then) / outcomes.length).toFixed(1);
  return table(
    [
      `${atATime} calls at a time, to the other node`,
      "transfers",
      "a second",
      "lost",
      "last digit to ring, ms",
      "processor time of the transferers' node each, ms",
      "of the receivers' node",
    ],
    [
      [
        "ours",
        String(outcomes.length),
        rate.toFixed(1),
        String(lost(outcomes)),
        spread(rings(outcomes)),
        spent(await here.processorTime(), before),
        spent(await there.processorTime(), beforeThere),
      ],
    ],
  );
}
