import { lineName } from "../settings/files";
import { now } from "./clock";
import { reach } from "./directory";
import { isRehearsal, sceneName } from "./rehearsal/scene";

/**
 * First come, first served. Who came first cannot be told by the phone alone: until it rings its device state still says that
 * it is free, and two transferers may pick it in the same moment; and who hears that it is busy does not stand in the line
 * yet. So each caller takes a number, a second's since 1970 that nobody has, as the name of a channel group: it is gone with
 * the caller, however he leaves.
 */
const category = () => `smart-transfer${sceneName() ?? ""}`;

/** How long a number counts, in seconds: longer than a prompt. By then he is rung or in the line, and they tell of him. */
const longestTurn = 10;

/** Is it this caller's turn to ring an extension's phones? */
export function isHisTurn(extension: string): boolean {
  return isFirst(extension) && reach(extension) === "free" && !hasLine(extension);
}

/** Is anybody waiting in the extension's line? */
export function hasLine(extension: string): boolean {
  return !isRehearsal() && (channel.QUEUE_WAITING_COUNT(lineName + extension).get() ?? "0") !== "0";
}

/** Gives his number back: he goes elsewhere. */
export function leaveTurn(): void {
  channel.GROUP(category()).set("");
}

function isFirst(extension: string): boolean {
  const number = ownNumber(extension) ?? takeNumber(extension);
  for (const earlier of $range(thisSecond() - longestTurn, number - 1)) if (isTaken(extension, earlier)) return false;
  return true;
}

function ownNumber(extension: string): number | undefined {
  const [whose, number] = string.match(channel.GROUP(category()).get() ?? "", "^(%d+)%-(%d+)$");
  return whose === extension ? tonumber(number) : undefined;
}

function takeNumber(extension: string): number {
  const lock = `smart-transfer-${extension}`;
  channel.LOCK(lock).get();
  let number = thisSecond();
  while (isTaken(extension, number)) number++;
  channel.GROUP(category()).set(groupName(extension, number));
  channel.UNLOCK(lock).get();
  return number;
}

function isTaken(extension: string, number: number): boolean {
  const count = channel.GROUP_COUNT(`${groupName(extension, number)}@${category()}`).get();
  return (tonumber(count ?? "") ?? 0) > 0;
}

function groupName(extension: string, number: number): string {
  return `${extension}-${string.format("%.0f", number)}`;
}

function thisSecond(): number {
  return math.floor(now() / 1000);
}
