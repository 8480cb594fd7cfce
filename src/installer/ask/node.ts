import type { Node } from "../settings/nodes.ts";
import { type Asker, back, cancelled } from "./asker.ts";

/** Asks which of [nodes] this Asterisk is. Asked first, because everything else depends on it: to go back is to leave. */
export async function askNode(nodes: readonly Node[], asker: Pick<Asker, "one">): Promise<string> {
  const answer = await asker.one({
    message: "Which node is this?",
    about: "Not exactly one of the addresses in [nodes] is this machine's.",
    choices: nodes.map(({ name, address, trunk }) => ({
      title: `${name}  ${address?.host ?? `@${trunk}`}`,
      value: name,
    })),
    initial: nodes[0]?.name ?? "",
  });
  if (answer === back) throw cancelled();
  return answer;
}
