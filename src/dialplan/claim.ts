import { now } from "./clock";

/** How long a claim lasts, in seconds: by then the phone rings, and its device state tells what the claim told. */
const claimSeconds = 3;

/**
 * Takes a free receiver for this caller. Until his phone rings its device state still says that he is free, and two
 * transferers may pick him in the same moment: the first has him, for the other he is busy. A claim is a channel group of
 * the caller's, named after the second it was made in, so that it ends by itself when the caller has moved on.
 */
export function claim(receiver: string): boolean {
  const lock = `smart-transfer-${receiver}`;
  channel.LOCK(lock).get();
  const second = math.floor(now() / 1000);
  let claims = 0;
  for (const age of $range(0, claimSeconds)) {
    claims += tonumber(channel.GROUP_COUNT(`${claimName(receiver, second - age)}@smart-transfer`).get() ?? "") ?? 0;
  }
  if (claims === 0) channel.GROUP("smart-transfer").set(claimName(receiver, second));
  channel.UNLOCK(lock).get();
  return claims === 0;
}

function claimName(receiver: string, second: number): string {
  return `${receiver}-${string.format("%.0f", second)}`;
}

/** Gives the claim up: the receiver did not answer. */
export function release(): void {
  channel.GROUP("smart-transfer").set("");
}
