import { now } from "./clock";
import { reach } from "./directory";
import { members } from "./group";
import { hasLine } from "./lines";
import { sceneName } from "./rehearsal/scene";

/**
 * First come, first served. Who came first cannot be told by the phone alone: until it rings its device state still says that
 * it is free, and two transferers may pick it in the same moment; and who hears that it is busy does not stand in the line
 * yet. So each caller takes a number, a second's since 1970 that nobody has, as the name of a channel group: it is gone with
 * the caller, however he leaves.
 */
const category = () => `smart-transfer${sceneName() ?? ""}`;
const counter = () => `${category()}-counter`;

/** How long a number counts, in seconds: longer than a prompt. By then he is rung or in the line, and they tell of him. */
const longestTurn = 10;

/** Is it this caller's turn to ring an extension's phones? */
export function isHisTurn(extension: string): boolean {
  return isFirst(extension) && reach(extension) === "free" && !hasLine(extension);
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
  atCounter(extension);
  let number = thisSecond();
  while (isTaken(extension, number)) number++;
  channel.GROUP(category()).set(groupName(extension, number));
  channel.GROUP(counter()).set("");
  return number;
}

/** Of those who come in the same instant, how often one of them tries to be alone at the counter, each time after 10 ms. */
const tries = 100;

/**
 * Numbers are given to one caller after the other. LOCK would do by itself, but it hands the channel to Asterisk's service
 * thread and waits until that lets go of it, 10 ms (funcs/func_lock.c): so it is left to those who did meet somebody.
 */
function atCounter(extension: string): void {
  if (isAloneAtCounter(extension)) return;
  const lock = `smart-transfer-${extension}`;
  channel.LOCK(lock).get();
  for (const _ of $range(1, tries)) {
    app.Wait(0.01);
    if (isAloneAtCounter(extension)) break;
  }
  channel.UNLOCK(lock).get();
}

/** Steps up to it, and back where somebody stands there: of two, at least the later one sees the other. */
function isAloneAtCounter(extension: string): boolean {
  channel.GROUP(counter()).set(extension);
  if (members(extension, counter()) < 2) return true;
  channel.GROUP(counter()).set("");
  return false;
}

function isTaken(extension: string, number: number): boolean {
  return members(groupName(extension, number), category()) > 0;
}

function groupName(extension: string, number: number): string {
  return `${extension}-${string.format("%.0f", number)}`;
}

function thisSecond(): number {
  return math.floor(now() / 1000);
}
