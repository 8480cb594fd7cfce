import { openComment, withoutComments } from "../../asterisk/comments.ts";
import { type LuaVersion, readLua } from "../../asterisk/lua.ts";
import { technologies } from "../../asterisk/technologies.ts";
import { markedFiles } from "../plan/admin-files.ts";
import { endpointFiles } from "../plan/endpoint-files.ts";
import { adminFiles, type Snapshot } from "../plan/snapshot.ts";
import type { Settings } from "../settings/model.ts";
import { type Remark, refusal } from "./remark.ts";

/** What in the admin's files would disable our line or block, or cannot be read at all. */
export function editingRemarks(snapshot: Snapshot, lua: LuaVersion | undefined): Remark[] {
  return markedFiles(snapshot).flatMap(({ main, path, text, marked }) =>
    main === adminFiles.lua ? luaRemarks(path, text, lua) : commentRemarks(path, text, marked([])),
  );
}

/** The same checks for the files in which endpoints of the directory are extended. */
export function endpointEditingRemarks(snapshot: Snapshot, settings: Settings): Remark[] {
  const own = endpointFiles(settings, snapshot.endpoints).map(([name]) => name);
  return markedFiles(snapshot, own)
    .filter(({ main }) => technologies.some(({ conf }) => conf === main))
    .flatMap(({ path, text, marked }) => commentRemarks(path, text, marked([])));
}

function luaRemarks(path: string, text: string, version: LuaVersion | undefined): Remark[] {
  const lua = readLua(text, version);
  if ("end" in lua) return [];
  return [
    refusal(
      `${path}, line ${lua.line}: this is not ${version === undefined ? "" : `${version} `}Lua that can be added to: ${lua.why}.`,
      "Correct that, `module reload pbx_lua.so`, then run this again. Nothing was changed.",
    ),
  ];
}

/** An unclosed `;--` comments out everything below it, including our line. */
function commentRemarks(path: string, text: string, marked: string): Remark[] {
  const ours = withoutComments(marked).findLast(({ raw }) => raw.includes("smart_transfer.d/"));
  if (ours?.inBlock !== true) return [];
  return [
    refusal(
      `${path}, line ${openComment(text)}: the comment that \`;--\` begins here is never closed, so Asterisk reads nothing behind it.`,
      "Close it with `--;`, or begin the line with a plain `;`, then run this again.",
    ),
  ];
}
