import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { Problem } from "../errors.ts";

const loopback = "127.0.0.1";

/** UDP ports that are free on loopback now, all different. */
export async function freeUdpPorts(count: number): Promise<number[]> {
  const sockets = Array.from({ length: count }, () => createSocket("udp4"));
  // All are held at once before any is let go, else the same port could be given twice.
  await Promise.all(sockets.map((socket) => once(socket.bind(0, loopback), "listening")));
  const ports = sockets.map((socket) => socket.address().port);
  await Promise.all(sockets.map((socket) => once(socket.close(), "close")));
  return ports;
}

/** A TCP port that is free on loopback now. */
export async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, loopback);
  await once(server, "listening");
  const address = server.address();
  await once(server.close(), "close");
  if (address === null || typeof address === "string")
    throw new Problem("No TCP port is free on loopback.", "Try again.");
  return address.port;
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
  const sockets = [];
  try {
    for (let port = first; port <= last; port++) {
      const socket = createSocket("udp4");
      sockets.push(socket);
      await once(socket.bind(port, loopback), "listening");
    }
    return true;
  } catch {
    return false;
  } finally {
    for (const socket of sockets) socket.close();
  }
}
