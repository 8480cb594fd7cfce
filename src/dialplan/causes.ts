import { causes, type Rung, type Told } from "../contract/causes";

/** What another node told by the cause with which it ended the last call: offline if it told nothing that we know. */
export function toldByCause(): Told {
  const cause = tonumber(channel.HANGUPCAUSE.get() ?? "");
  for (const [result, told] of pairs(causes)) if (told === cause) return result;
  return "offline";
}

/** Why nobody answered at another node. A node that only says that somebody could be rung has not rung them. */
export function whyUnanswered(): Rung {
  const told = toldByCause();
  return told === "free" ? "offline" : told;
}
