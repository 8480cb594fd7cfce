import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";

/** A package registry on loopback that has one package: this one, as `npm pack` makes it. */
export interface Registry {
  readonly url: string;
  stop(): void;
}

export async function startRegistry(top: string, folder: string): Promise<Registry> {
  // Without scripts: prepack would rebuild the files that other tests use.
  const packing = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const { stdout } = await execa("npm", packing, { cwd: top });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const tarball = await readFile(join(folder, filename));
  const manifest = JSON.parse(await readFile(join(top, "package.json"), "utf8"));
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const server = createServer(({ url = "" }, response) => {
    if (url === `/${filename}`) return response.end(tarball);
    if (url !== `/${manifest.name}`) return response.writeHead(404).end("{}");
    const { version } = manifest;
    const dist = { tarball: `${address()}/${filename}`, integrity };
    const versions = { [version]: { ...manifest, dist } };
    return response.end(JSON.stringify({ name: manifest.name, "dist-tags": { latest: version }, versions }));
  });
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: address(),
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
