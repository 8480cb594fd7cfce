import { rehearsed } from "./rehearsal/directory";
import { sceneName } from "./rehearsal/scene";

/** A value of a configuration file; in a rehearsal, of the rehearsal's own directory. `undefined` when it is not there. */
export function config(file: string, section: string, name: string): string | undefined {
  const scene = sceneName();
  const value = scene === undefined ? "its own" : rehearsed(scene, section, name);
  return value === "its own" ? channel.AST_CONFIG(file, section, name).get() : value;
}
