/** Control characters, format characters and line ends: a terminal obeys them, or they hide or reverse other text. */
const harmful = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Makes a text that somebody else chose safe to show. */
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
