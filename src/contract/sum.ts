/**
 * A sum of all bytes of a text, to tell whether two nodes have the same file. The dialplan computes it from the file as
 * Asterisk's user reads it, the installer from Latin-1 text.
 */
export function sumOf(bytes: string): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) sum = (sum * 31 + bytes.charCodeAt(at)) % 4294967296;
  return sum;
}
