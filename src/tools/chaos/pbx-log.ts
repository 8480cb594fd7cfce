import type { Event } from "./event.ts";
import type { Leg } from "./history.ts";

/** pbx_lua tells of the applications that it runs in Asterisk's log only, as pbx.c does of others. */
const executing =
  /^\[(\d+-\d+-\d+) (\d+:\d+:\d+\.\d+)\] VERBOSE\[\d+\](?:\[C-\w+\])? pbx(?:_lua)?\.c: +(?:-- )?Executing \[\S*@(\S+):\d+\] (\w+)\("([^"]+)", "(.*)"\)/;

/** The applications that ran on these legs. */
export function runsIn(log: string, legs: readonly Leg[]): Event[] {
  const ids = new Map(legs.map(({ channel, id }) => [channel, id]));
  return log.split("\n").flatMap((line): Event[] => {
    const [, day, time, context = "", application = "", channel = "", data = ""] = executing.exec(line) ?? [];
    const leg = ids.get(channel);
    if (leg === undefined) return [];
    return [{ at: new Date(`${day}T${time}`).getTime(), leg, what: "runs", application, data, context }];
  });
}
