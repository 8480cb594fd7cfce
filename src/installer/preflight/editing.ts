import { openComment, withoutComments } from "../../asterisk/comments.ts";
import { type LuaVersion, readLua } from "../../asterisk/lua.ts";
import { technologies } from "../../asterisk/technologies.ts";
import { ownFolder } from "../../contract/names.ts";
import { markedFiles } from "../plan/admin-files.ts";
import { endpointFiles } from "../plan/endpoint-files.ts";
import { adminFiles, type Snapshot } from "../plan/snapshot.ts";
import type { Settings } from "../settings/model.ts";
import { type Finding, refusal } from "./finding.ts";

/** What in the admin's files would disable our line or block, or cannot be read at all. */
export function editingFindings(snapshot: Snapshot, lua: LuaVersion | undefined): Finding[] {
  return markedFiles(snapshot).flatMap(({ main, path, text, marked }) =>
    main === adminFiles.lua ? luaFindings(path, text, lua) : commentFindings(path, text, marked([])),
  );
}

/** The same checks for the files in which endpoints of the directory are extended. */
export function endpointEditingFindings(snapshot: Snapshot, settings: Settings): Finding[] {
  const own = endpointFiles(settings, snapshot.endpoints).map(([name]) => name);
  return markedFiles(snapshot, own)
    .filter(({ main }) => technologies.some(({ conf }) => conf === main))
    .flatMap(({ path, text, marked }) => commentFindings(path, text, marked([])));
}

function luaFindings(path: string, text: string, version: LuaVersion | undefined): Finding[] {
  const lua = readLua(text, version);
  if ("end" in lua) return [];
  return [
    refusal(
      `${path}, line ${lua.line}: our block cannot be added to this ${version === undefined ? "Lua" : `Lua ${version}`} file: ${lua.why}.`,
      "Correct that, run `asterisk -rx 'module reload pbx_lua.so'`, then run this again. Nothing was changed.",
    ),
  ];
}

/** An unclosed `;--` comments out everything below it, including our line. */
function commentFindings(path: string, text: string, marked: string): Finding[] {
  const ours = withoutComments(marked).findLast(({ raw }) => raw.includes(`${ownFolder}/`));
  if (ours?.inBlock !== true) return [];
  return [
    refusal(
      `${path}, line ${openComment(text)}: the comment that \`;--\` begins here is never closed, so Asterisk reads nothing after it.`,
      "Close it with `--;`, or begin the line with a plain `;`, then run this again.",
    ),
  ];
}
