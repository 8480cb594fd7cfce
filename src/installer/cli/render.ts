import { formatPatch, structuredPatch } from "diff";
import type { Paint } from "../../terminal/paint.ts";
import { shown } from "../../terminal/shown.ts";
import type { Change, Plan } from "../plan/plan.ts";

const linesAround = 2;

/** Renders the complete plan, as --dry-run prints it. */
export function renderPlan({ changes, reloads, notes }: Plan, paint: Paint): string {
  return [
    ...changes.map((change) => renderChange(change, paint)),
    ...reloads.map((command) => paint("cyan", `reload: ${command}`)),
    ...notes,
  ].join("\n");
}

/** Renders the plan with one line per change. Our own folder is one line for all its files. */
export function summarizePlan({ changes, reloads, notes }: Plan, paint: Paint): string {
  const folders = changes.flatMap(({ kind, path }) =>
    kind === "make folder" || kind === "remove folder" ? [path] : [],
  );
  const inFolder = (folder: string) => changes.filter(({ path }) => path.startsWith(`${folder}/`)).length;
  const rows = changes
    .filter(({ path }) => !folders.some((folder) => path.startsWith(`${folder}/`)))
    .map((change) => [
      titleOf(change),
      folders.includes(change.path) ? `${change.path}/ (${inFolder(change.path)} files)` : change.path,
    ]);
  const commands = reloads.map((command) => ["reload", command]);
  const lines = [...rows, ...commands].map(([title = "", what]) => `  ${paint("cyan", title.padEnd(13))} ${what}`);
  return [...lines, ...notes.map((note) => `  ${note}`)].join("\n");
}

function titleOf(change: Change): string {
  if (change.kind !== "write") return change.kind;
  return change.before === undefined ? "new file" : "edit";
}

function renderChange(change: Change, paint: Paint): string {
  if (change.kind === "make folder" || change.kind === "remove folder")
    return paint("bold", `${change.kind} ${change.path}`);
  const before = change.before;
  const after = change.kind === "write" ? change.after : undefined;
  const title = `${titleOf(change)} ${change.path}`;
  if (change.path.endsWith(".gsm")) return `${paint("bold", title)} (${(after ?? before)?.length} bytes)`;
  const patch = structuredPatch(change.path, change.path, before?.toString() ?? "", after?.toString() ?? "", "", "", {
    context: linesAround,
  });
  const body = formatPatch({
    ...patch,
    oldFileName: before ? change.path : "/dev/null",
    newFileName: after ? change.path : "/dev/null",
  });
  const lines = shown(body)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("=====") && !line.startsWith("Index: "));
  return [paint("bold", title), ...lines.map((line) => paintLine(line, paint))].join("\n");
}

function paintLine(line: string, paint: Paint): string {
  if (line.startsWith("+") && !line.startsWith("+++")) return paint("green", line);
  if (line.startsWith("-") && !line.startsWith("---")) return paint("red", line);
  return line;
}
