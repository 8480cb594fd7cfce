/** The first names of a list, and how many more there are: "101, 102, 103, 104, 105 and 7 more". */
export function few(names: readonly string[], most = 5, separator = ", ", more = "more"): string {
  const rest = names.length - most;
  return `${names.slice(0, most).join(separator)}${rest > 0 ? ` and ${rest} ${more}` : ""}`;
}
