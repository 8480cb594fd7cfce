import { noticeLine } from "../plan/headers.ts";
import { back } from "./asker.ts";
import type { Draft } from "./draft.ts";
import type { WizardStep } from "./steps.ts";

/** What only some PBXs can be offered. */
export interface Offers {
  /** The `dial` that leads through the PBX's own dialplan; empty if there is none, or somebody has decided. */
  readonly offered: string;
  /** The file that can get our line for a log of notices; empty if there is such a log, or no place for the line. */
  readonly logPlace: string;
}

export function offers({ offered, logPlace }: Offers): WizardStep<Draft>[] {
  return [
    {
      id: "dial",
      due: () => offered !== "",
      async ask(draft, asker) {
        const dial = await asker.one({
          message: "How are extensions rung?",
          about: "This PBX's own dialplan keeps do-not-disturb, forwarding and recording as they are.",
          choices: [
            { title: `Through this PBX's own dialplan: ${offered}`, value: offered },
            { title: "Directly, by their devices", value: "" },
          ],
          initial: draft.dial,
        });
        return dial === back ? back : { ...draft, dial };
      },
    },
    {
      id: "log",
      due: () => logPlace !== "",
      async ask(draft, asker) {
        const logs = await asker.one({
          message: "Log what became of transfers?",
          about: "Asterisk writes its notices to no file, so nobody could tell later.",
          choices: [
            { title: `Yes: ${noticeLine} in ${logPlace}`, value: true },
            { title: "No", value: false },
          ],
          initial: draft.logs,
        });
        return logs === back ? back : { ...draft, logs };
      },
    },
  ];
}
