import { readRecord, type TransferRecord } from "../../../contract/read-record.ts";
import { outcomes } from "../../../contract/record.ts";
import { isMobile } from "../cast.ts";
import { isFallback, isInLine, isMailbox, returnsAt, type Transfer, transfersOf } from "../transfers.ts";
import { type Complaint, type Rule, slack } from "./rule.ts";

/** Every transfer has one record, and it says what happened. */
export const record: Rule = ({ legs, until }) =>
  legs.flatMap((leg): Complaint[] => {
    const transfers = transfersOf(leg, until);
    const records = leg.runs.flatMap(({ application, data, at }) => {
      const text = /^NOTICE,smart-transfer: (caller=.*)$/.exec(data)?.[1];
      return application === "Log" && text !== undefined ? [{ at, text, record: readRecord(text) }] : [];
    });
    if (records.length !== transfers.length) {
      return [{ leg, at: leg.ended ?? until, says: `${records.length} records of ${transfers.length} transfers` }];
    }
    return transfers.flatMap((transfer, at) => {
      const { text, record } = records[at] ?? {};
      const wrong = record === undefined ? "it cannot be read" : differenceOf(record, transfer);
      return wrong === undefined
        ? []
        : [{ leg, at: records[at]?.at ?? until, says: `the record is wrong, ${wrong}: ${text}` }];
    });
  });

function differenceOf({ from, to, outcome }: TransferRecord, transfer: Transfer): string | undefined {
  if (from !== transfer.transferer) return `it was ${transfer.transferer} who transferred`;
  if (to !== transfer.receiver) return `it was to ${transfer.receiver}`;
  const expected = outcomesOf(transfer);
  return expected.includes(outcome) ? undefined : `what happened is ${expected.join(" or ")}`;
}

/** Who had the caller at the end; more than one outcome where an answer and the end came at the same moment. */
function outcomesOf(transfer: Transfer): string[] {
  const { caller, receiver, runs, rings, talks, to } = transfer;
  if (runs.some(isFallback)) return [outcomes.fallback];
  if (runs.some(isMailbox)) return [outcomes.voicemail];
  const talk = talks.at(-1);
  const rung = rings.at(-1);
  const isAnswering = rung?.at.up !== undefined && to - rung.at.up < slack;
  if (talk === undefined) return isAnswering ? [...Object.values(outcomes)] : ["abandoned"];
  // They talked, and went on: back from a mobile.
  const wentOn =
    caller.passings.some(({ at }) => at > talk.from && at < to) || rings.some(({ from }) => from > talk.from);
  if (wentOn) return isAnswering ? [...Object.values(outcomes)] : ["abandoned"];
  const { party } = talk.called === caller ? talk.caller : talk.called;
  if (isMobile(party)) return [outcomes.mobile];
  const returns = returnsAt(transfer);
  if (party !== receiver || (returns !== undefined && returns < talk.from)) return [outcomes.recall];
  return runs.some((run) => run.at < talk.from && isInLine(run)) ? [outcomes.line] : [outcomes.desk];
}
