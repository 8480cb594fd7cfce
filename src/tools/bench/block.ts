import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ownFolder } from "../../contract/names.ts";
import { dialplanFileName } from "../../installer/plan/generated.ts";
import { loaderBlock } from "../../installer/plan/loader-block.ts";
import { unpackLuas } from "../../sandbox/luas.ts";
import type { Release } from "../../sandbox/release.ts";

const runs = 100_000;
const turns = 10;

/**
 * What pbx_lua does for each channel that enters a Lua context: run extensions.lua, and sort the patterns of every
 * context.
 */
const asAsteriskDoes = `
local function run(text)
  extensions = nil
  assert((loadstring or load)(text))()
  for _, patterns in pairs(extensions) do
    local order = {}
    for pattern in pairs(patterns) do order[#order + 1] = tostring(pattern) end
    table.sort(order)
  end
end
local function read(name) return io.open(name):read("*a") end
local without, with = read(arg[1]), read(arg[2])
local spent = { 0, 0 }
for turn = 1, ${turns} do
  for at, text in ipairs({ without, with }) do
    local began = os.clock()
    for _ = 1, ${runs / turns} do run(text) end
    spent[at] = spent[at] + os.clock() - began
  end
end
print(spent[1] / ${runs} * 1e6, spent[2] / ${runs} * 1e6)
`;

/**
 * Measures how many microseconds the sample extensions.lua takes per channel in Lua 5.1, with and without our block.
 */
export async function blockTimes(release: Release): Promise<{ without: number; with: number }> {
  const [lua] = await unpackLuas("lua");
  if (lua === undefined) throw new Error("Lua 5.1 is the first of them");
  const folder = await mkdtemp(join(tmpdir(), "block-"));
  try {
    const sample = await readFile(join(release.root, "etc/asterisk/extensions.lua"), "latin1");
    const block = loaderBlock(`/etc/asterisk/${ownFolder}/${dialplanFileName}`);
    await writeFile(join(folder, "without.lua"), sample);
    await writeFile(join(folder, "with.lua"), `${sample}\n${block.join("\n")}\n`);
    await writeFile(join(folder, "run.lua"), asAsteriskDoes);
    const [program, ...args] = lua;
    const { stdout } = await execa(program, [...args, "run.lua", "without.lua", "with.lua"], { cwd: folder });
    const [without = Number.NaN, withBlock = Number.NaN] = stdout.split(/\s+/).map(Number);
    return { without, with: withBlock };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
