import { addToSum } from "../../contract/sum.ts";

/** The sum of a file that was read as Latin-1, where every character is a byte. */
export function sumOf(bytes: string): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) sum = addToSum(sum, bytes.charCodeAt(at));
  return sum;
}
