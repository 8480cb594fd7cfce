import { usualSuite } from "./mirror.ts";
import { unpackPackages } from "./packages.ts";
import { commandIn } from "./release.ts";

/** Every Lua that pbx_lua may be built with. */
export const luaVersions = ["5.1", "5.2", "5.3", "5.4"] as const;

/** How to run a program of each of them, from Debian's packages: the machine need have none. */
export async function unpackLuas(program: "lua" | "luac"): Promise<[string, ...string[]][]> {
  const packages = luaVersions.map((version) => `lua${version}`);
  const root = await unpackPackages("lua", await usualSuite(), packages);
  return Promise.all(luaVersions.map((version) => commandIn(root, `usr/bin/${program}${version}`)));
}
