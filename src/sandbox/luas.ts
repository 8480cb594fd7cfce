import { usualSuite } from "./mirror.ts";
import { unpackPackages } from "./packages.ts";
import { commandIn } from "./release.ts";

/** Every Lua version that pbx_lua can be built with. */
export const luaVersions = ["5.1", "5.2", "5.3", "5.4"] as const;

/**
 * Unpacks these versions from Debian's packages, so that the machine needs none. Returns the command of the program for
 * each.
 */
export async function unpackLuas(program: "lua" | "luac"): Promise<[string, ...string[]][]> {
  const packages = luaVersions.map((version) => `lua${version}`);
  const root = await unpackPackages("lua", await usualSuite(), packages);
  return Promise.all(luaVersions.map((version) => commandIn(root, `usr/bin/${program}${version}`)));
}
