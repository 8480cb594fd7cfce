/** A word as a shell takes it: in quotes, unless it needs none. */
export function shellWord(word: string): string {
  return /^[\w./+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
