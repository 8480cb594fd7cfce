/** The median of several measurements. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The 95th percentile. */
function p95(values: readonly number[]): number {
  return quantile(values, 0.95);
}

/** A quantile by the nearest-rank method. */
function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Formats a whole number: `10,000`. */
export function count(number: number): string {
  return number.toLocaleString("en");
}

/** Formats median and p95: `18 (p95 27)`. */
export function spread(values: readonly number[], digits = 0): string {
  return values.length === 0 ? "-" : `${median(values).toFixed(digits)} (p95 ${p95(values).toFixed(digits)})`;
}

/** Formats a Markdown table. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return line(heads) + line(heads.map((_, at) => (at === 0 ? "---" : "---:"))) + rows.map(line).join("");
}
