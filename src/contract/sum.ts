/**
 * Adds a byte to the sum of a file, which tells whether two nodes have the same one. Both sides sum the bytes as Asterisk
 * reads them: the dialplan (hello.ts) and the installer (check/settings-sum.ts).
 */
export function addToSum(sum: number, byte: number): number {
  return (sum * 31 + byte) % 4294967296;
}
