import { indexFile, settingsFile } from "../contract/names";
import { rehearsed } from "./rehearsal/directory";
import { sceneName } from "./rehearsal/scene";

/** A setting as smart_transfer.conf has it, `undefined` when it does not; in a rehearsal, of the rehearsal's own directory. */
export function configured(section: string, name: string): string | undefined {
  return inScene(section, name, () => read(settingsFile, section, name));
}

/** What the installer's index has for a key: digits, a device, a word. */
export function indexed(part: string, key: string): string | undefined {
  return inScene(part, key, () => read(indexFile, part + bucketOf(key), key));
}

function inScene(section: string, name: string, readOwn: () => string | undefined): string | undefined {
  const scene = sceneName();
  const value = scene === undefined ? "its own" : rehearsed(scene, section, name);
  return value === "its own" ? readOwn() : value;
}

/** What was read since Asterisk came to this dialplan; `false` for what is not there. */
let known = new LuaTable<string, string | false>();

function read(file: string, section: string, name: string): string | undefined {
  const question = `${file},${section},${name}`;
  const value = known.get(question) ?? channel.AST_CONFIG(file, section, name).get() ?? false;
  known.set(question, value);
  return value === false ? undefined : value;
}

/** Where a key lies in the index: plan/directory-index.ts. */
function bucketOf(key: string): string {
  const [digits] = string.match(key, "(%d?%d)%D*$");
  return digits ?? "";
}

/** Asterisk has come to this dialplan once more: the settings may have been edited meanwhile. */
export function lookAgain(): void {
  known = new LuaTable();
}
