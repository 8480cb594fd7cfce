/** Of several measurements of one thing: the one in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Of a hundred measurements, 95 are not above this one. */
export function p95(values: readonly number[]): number {
  return quantile(values, 0.95);
}

/** The smallest that so large a part of them is not above (nearest rank). */
function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** `18 (p95 27)`: the middle and the spread. */
export function spread(values: readonly number[], digits = 0): string {
  return values.length === 0 ? "-" : `${median(values).toFixed(digits)} (p95 ${p95(values).toFixed(digits)})`;
}

/** A table of Markdown. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return line(heads) + line(heads.map((_, at) => (at === 0 ? "---" : "---:"))) + rows.map(line).join("");
}
