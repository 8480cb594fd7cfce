/** What a terminal would obey, or what turns around or hides the letters beside it: control and format characters, line ends. */
const harmful = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text that somebody else chose, as it may be shown: every letter shows, and none does anything. */
export function harmless(text: string): string {
  return text.replace(harmful, "\ufffd");
}

/** JSON that does nothing to a terminal either: by itself it escapes only the first of them. */
export function harmlessJson(value: unknown): string {
  return JSON.stringify(value).replace(harmful, (letter) =>
    Array.from({ length: letter.length }, (_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, "0")}`).join(
      "",
    ),
  );
}
