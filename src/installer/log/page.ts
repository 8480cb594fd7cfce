import { adviceFrom } from "./advice.ts";
import type { Figures, Summary } from "./figures.ts";
import { harmless } from "./harmless.ts";
import { localDay } from "./list.ts";
import { fatesIn, legend, reasonsIn, spreadCells, type Table, tablesOf } from "./table.ts";

const style = `
body { font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif; color: #1b1f24; background: #fff; margin: 2rem auto; max-width: 68rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.when { color: #57606a; margin: 0 0 1rem; }
.legend span { display: inline-block; margin: 0 1.2em .3em 0; white-space: nowrap; } .legend svg { margin-right: .4em; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .3rem .4rem; border-bottom: 1px solid #e3e6ea; white-space: nowrap; }
th { font-weight: 600; color: #57606a; font-size: .8rem; } th:first-child, td:first-child { text-align: left; }
td.bar { text-align: left; width: 7rem; } td.bar svg { width: 7rem; display: block; }
th.why, td.why { white-space: normal; text-align: left; color: #57606a; font-size: .85rem; min-width: 7rem; }
tr.all td { font-weight: 600; border-top: 2px solid #b6bcc4; }
footer { margin-top: 2rem; color: #57606a; font-size: .85rem; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } tr, h2 { break-inside: avoid; break-after: avoid; } thead { display: table-header-group; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;

/** The summary as one HTML page, without scripts, a server or other files. */
export function summaryPage(summary: Summary): string {
  const { all, first = 0, last = 0 } = summary;
  const fates = fatesIn(all);
  const findings = adviceFrom(summary);
  const keys = fates.map(
    ({ title, fill, count }) =>
      `<span><svg width="12" height="12" aria-hidden="true"><rect width="12" height="12" rx="2" fill="${fill}"/></svg>${title}: <b>${count(all)}</b></span>`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Transfers, ${localDay(first)} to ${localDay(last)}</title>
<style>${style}</style>
</head>
<body>
<h1>What became of ${all.count} transfers</h1>
<p class="when">${localDay(first)} to ${localDay(last)}</p>
<p class="legend">${keys.join("\n")}</p>
${findings.length === 0 ? "" : `<h2>What could be better</h2>\n<ul>\n${findings.map((one) => `<li>${withCode(escaped(one))}</li>`).join("\n")}\n</ul>`}
${tablesOf(summary)
  .map((table) => tableHtml(table, summary))
  .join("\n")}
<footer>${legend}</footer>
</body>
</html>
`;
}

const whyHead = "why they came back";

function tableHtml({ title, rows, hasReasons }: Table, { all }: Summary): string {
  const fates = fatesIn(all);
  const widest = Math.max(1, ...rows.filter(([name]) => name !== "all").map(([, { count }]) => count));
  const heads = [
    "",
    "calls",
    "",
    ...fates.map(({ id }) => id),
    "median s",
    "95 % s",
    "longest s",
    "recall s",
    ...(hasReasons ? [whyHead] : []),
  ];
  const body = rows.map(([name, figures]) => {
    const isAll = name === "all";
    const cells = [
      `<td>${escaped(name)}</td>`,
      `<td>${figures.count}</td>`,
      `<td class="bar">${isAll ? "" : bar(figures, widest)}</td>`,
      ...fates.map(({ count }) => `<td>${count(figures) || ""}</td>`),
      ...spreadCells(figures.waits).map((text) => `<td>${text}</td>`),
      `<td>${spreadCells(figures.recalls)[0]}</td>`,
      ...(hasReasons ? [`<td class="why">${escaped(reasonsIn(figures))}</td>`] : []),
    ];
    return `<tr${isAll ? ' class="all"' : ""}>${cells.join("")}</tr>`;
  });
  return `<h2>${title}</h2>
<table>
<thead><tr>${heads.map((head) => `<th${head === whyHead ? ' class="why"' : ""}>${head}</th>`).join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table>`;
}

/** A bar as long as the number of transfers, coloured by outcome. */
function bar(figures: Figures, widest: number): string {
  const parts: string[] = [];
  let from = 0;
  for (const { title, fill, count } of fatesIn(figures)) {
    const width = Math.round((count(figures) / widest) * 1000) / 10;
    parts.push(
      `<rect x="${from.toFixed(1)}%" width="${width}%" height="14" fill="${fill}"><title>${title}: ${count(figures)}</title></rect>`,
    );
    from += width;
  }
  return `<svg width="100%" height="14" role="img">${parts.join("")}</svg>`;
}

/** Shows what stands between backticks as code. */
function withCode(text: string): string {
  return text.replace(/`([^`]*)`/g, "<code>$1</code>");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return harmless(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? "");
}
