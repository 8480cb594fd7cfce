/** Up to so many letters it is an extension, and nobody outside. */
const longestExtension = 4;
const mostShown = 5;

/** A caller's number, shortened so that it is no longer anybody's: at most half of it, and no more than its area. */
export function shortened(number: string): string {
  if (number.length <= longestExtension) return number;
  return `${number.slice(0, Math.min(mostShown, Math.floor(number.length / 2)))}...`;
}
