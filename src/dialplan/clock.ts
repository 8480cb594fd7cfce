/** Milliseconds since 1970. EPOCH has whole seconds only. */
export function now(): number {
  return tonumber(channel.STRFTIME("", "", "%s%3q").get() ?? "") ?? 0;
}
