/** Milliseconds since 1970. EPOCH only has whole seconds. */
export function now(): number {
  return tonumber(channel.STRFTIME("", "", "%s%3q").get() ?? "") ?? 0;
}
