/** Puts an extension, or another number, into its place in a template of the settings, as the dialplan does. */
export function filledIn(template: string, number: string, place = "EXTENSION"): string {
  return template.replaceAll(`\${${place}}`, number);
}
