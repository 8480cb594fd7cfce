import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { Problem } from "../terminal/problem.ts";

/** The usual address of a sandbox. */
export const loopback = "127.0.0.1";

type Protocol = "udp" | "tcp";

/** A port that this process occupies. */
interface Held {
  readonly port: number;
  close(): Promise<unknown>;
  /** Keeps the port, but lets the process end. */
  unref(): void;
}

/** Finds different free UDP ports on loopback. */
export function freeUdpPorts(count: number): Promise<number[]> {
  return freePorts("udp", count);
}

/** Finds a free TCP port on loopback. */
export async function freeTcpPort(): Promise<number> {
  return (await freePorts("tcp", 1))[0] as number;
}

/**
 * Finds free ports. Asterisk binds them only later, and meanwhile others may look for ports. So this process occupies
 * the same number of the other protocol until it ends, which keeps our other processes from choosing it.
 */
async function freePorts(protocol: Protocol, count: number): Promise<number[]> {
  const found: number[] = [];
  const looked: Held[] = [];
  while (found.length < count) {
    const one = await hold(protocol, 0);
    looked.push(one);
    const mark = await hold(protocol === "udp" ? "tcp" : "udp", one.port).catch(() => undefined);
    if (mark === undefined) continue;
    mark.unref();
    found.push(one.port);
  }
  await Promise.all(looked.map((one) => one.close()));
  return found;
}

/**
 * Occupies a port. Rejects if it is taken.
 *
 * @param port 0 for any free one
 */
async function hold(protocol: Protocol, port: number): Promise<Held> {
  if (protocol === "udp") {
    const socket = createSocket("udp4");
    await once(socket.bind(port, loopback), "listening").catch((error: unknown) => {
      socket.close();
      throw error;
    });
    return {
      port: socket.address().port,
      close: () => once(socket.close(), "close"),
      unref: () => socket.unref(),
    };
  }
  const server = createServer().listen(port, loopback);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: () => once(server.close(), "close"),
    unref: () => server.unref(),
  };
}

/** A range for rtp.conf. */
export interface PortRange {
  first: number;
  last: number;
}

/** The range lies below the ports that Linux assigns itself (32768 and up), so nobody else's port appears in it. */
const lowest = 10_000;
const highest = 32_000;
const given = new Set<number>();

/**
 * Finds `size` UDP ports in a row for audio, two for each leg of a call. Never returns the same range twice in a
 * process.
 */
export async function freeRtpRange(size = 200): Promise<PortRange> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const first = lowest + size * Math.floor(Math.random() * Math.floor((highest - lowest) / size));
    if (given.has(first)) continue;
    given.add(first);
    const range = { first, last: first + size - 1 };
    if (await isFree(range)) return range;
  }
  throw new Problem(`No ${size} UDP ports in a row are free on loopback.`, "End some of the programs that use them.");
}

async function isFree({ first, last }: PortRange): Promise<boolean> {
  const held: Held[] = [];
  try {
    for (let port = first; port <= last; port++) held.push(await hold("udp", port));
    return true;
  } catch {
    return false;
  } finally {
    await Promise.all(held.map((one) => one.close()));
  }
}
