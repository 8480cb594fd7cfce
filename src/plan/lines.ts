import { contexts, lineName, sharedLineName } from "../settings/files.ts";
import type { Extension, Settings } from "../settings/model.ts";
import { confHeader } from "./headers.ts";

/**
 * At each change of any device's state app_queue goes through every queue (device_state_cb), and through all of them once
 * more for the state of the queue itself: with 1,000 that is 2 ms of processor time for each call on the PBX, and with many
 * calls it falls behind. So a larger directory than this shares so many lines; see dialplan/lines.ts.
 */
const mostLines = 50;

/** How many lines the extensions share; 0 where each has its own. */
export function sharedLineCount({ directory }: Settings): number {
  return directory.length > mostLines ? mostLines : 0;
}

/** The queues, by name. */
export function lineNames(settings: Settings): string[] {
  const shared = sharedLineCount(settings);
  return shared === 0
    ? settings.directory.map(({ extension }) => lineName + extension)
    : Array.from({ length: shared }, (_, at) => `${sharedLineName}${at + 1}`);
}

/**
 * Who stands behind another hears his position; the head hears music only, for app_queue rings nobody while he is told
 * something. How long a phone rings is the ring context's business. A shared line is given its member when it is needed.
 */
export function queuesConf(settings: Settings): string {
  const members = sharedLineCount(settings) === 0 ? settings.directory.map(member) : [];
  const lines = lineNames(settings).map((name, at) => `\n[${name}](smart-transfer-line)\n${members[at] ?? ""}`);
  return `${confHeader}
[smart-transfer-line](!)
strategy = ringall
timeout = 0
retry = 1
ringinuse = no
joinempty = yes
leavewhenempty = no
autofill = yes
musicclass = ${settings.general.music_class}
context = ${contexts.line}
announce-position = yes
announce-frequency = 30
min-announce-frequency = 15
announce-holdtime = no
queue-youarenext =
queue-thankyou =
${lines.join("")}`;
}

function member({ extension, device }: Extension): string {
  return `member => Local/${extension}@${contexts.ring},0,,${device.split("&")[0]}\n`;
}
