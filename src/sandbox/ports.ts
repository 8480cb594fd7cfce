import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { Problem } from "../errors.ts";

const loopback = "127.0.0.1";

type Protocol = "udp" | "tcp";

/** A port that this process holds. */
interface Held {
  readonly port: number;
  close(): Promise<unknown>;
  /** Holds it on, but keeps the process from ending no more. */
  unref(): void;
}

/** UDP ports that are free on loopback, all different. */
export function freeUdpPorts(count: number): Promise<number[]> {
  return freePorts("udp", count);
}

/** A TCP port that is free on loopback. */
export async function freeTcpPort(): Promise<number> {
  return (await freePorts("tcp", 1))[0] as number;
}

/**
 * An Asterisk takes its ports some time after they were found free, and meanwhile others look for theirs. So of each number
 * given this process keeps the port of the other protocol to its end: without that nobody here gives the number out.
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

/** @param port 0: any that is free. Rejects when it is not. */
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

/** As rtp.conf wants it. */
export interface PortRange {
  first: number;
  last: number;
}

/** Ports below those that Linux gives out by itself (32768 and up), where nobody else's port can come up in the range. */
const lowest = 10_000;
const highest = 32_000;
const given = new Set<number>();

/** A range of `size` UDP ports for audio, two for each call leg. Never the same one twice in one process. */
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
