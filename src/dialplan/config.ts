import { indexFile, settingsFile } from "../contract/names";
import { asTheAdminSays, rehearsed } from "./rehearsal/rehearsed";
import { sceneName } from "./rehearsal/scene";

/**
 * Reads a setting of smart_transfer.conf, or of the rehearsal's own directory during a rehearsal. `undefined` if it is
 * not set.
 */
export function configured(section: string, name: string): string | undefined {
  return inScene(section, name, () => read(settingsFile, section, name));
}

/** Looks a key up in the installer's index: digits, a device or a word. */
export function indexed(part: string, key: string): string | undefined {
  return inScene(part, key, () => read(indexFile, part + bucketOf(key), key));
}

/** Looks a key up in a section of the index that is too short for buckets. */
export function listed(section: string, key: string): string | undefined {
  return inScene(section, key, () => read(indexFile, section, key));
}

function inScene(section: string, name: string, readFile: () => string | undefined): string | undefined {
  const scene = sceneName();
  const value = scene === undefined ? asTheAdminSays : rehearsed(scene, section, name);
  return value === asTheAdminSays ? readFile() : value;
}

/** Values read since Asterisk entered this dialplan; `false` for those that do not exist. */
let known = new LuaTable<string, string | false>();

function read(file: string, section: string, name: string): string | undefined {
  const question = `${file},${section},${name}`;
  const value = known.get(question) ?? channel.AST_CONFIG(file, section, name).get() ?? false;
  known.set(question, value);
  return value === false ? undefined : value;
}

/** The bucket of a key in the index: plan/directory-index.ts. */
function bucketOf(key: string): string {
  const [digits] = string.match(key, "(%d?%d)%D*$");
  return digits ?? "";
}

/** Forgets what was read. Called when Asterisk enters this dialplan again, because the settings may have changed. */
export function forgetSettings(): void {
  known = new LuaTable();
}
