/** A network between nodes that can fail. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

/** Carries SIP between nodes over UDP. Each knows the others by the addresses of this relay, and so asks no firewall to be cut. */
export interface Relay {
  /** The port by which the others know a node. */
  portOf(host: string): number;
  /** Where the node really is. */
  leadTo(host: string, port: number): void;
  /** Drops every packet from now on, or no more. */
  cut(isCut: boolean): void;
  stop(): void;
}

export async function startRelay(hosts: readonly string[]): Promise<Relay> {
  const faces = new Map<string, Socket>();
  const ports = new Map<string, number>();
  let isCut = false;
  for (const host of hosts) {
    const face = createSocket("udp4");
    face.bind(0, host);
    await once(face, "listening");
    faces.set(host, face);
    face.on("message", (packet, { address: from, port: realPort }) => {
      const [sender, to] = [faces.get(from), ports.get(host)];
      if (isCut || sender === undefined || to === undefined) return;
      // What follows within the call goes to the Contact: it must not pass by this relay.
      const text = packet
        .toString("latin1")
        .replace(
          new RegExp(`^(Contact:.*${from.replaceAll(".", "\\.")}):${realPort}\\b`, "im"),
          `$1:${sender.address().port}`,
        );
      sender.send(Buffer.from(text, "latin1"), to, host);
    });
  }
  const faceOf = (host: string) => {
    const face = faces.get(host);
    if (face === undefined) throw new Error(`the relay does not know ${host}`);
    return face;
  };
  return {
    portOf: (host) => faceOf(host).address().port,
    leadTo: (host, port) => void ports.set(host, port),
    cut: (now) => {
      isCut = now;
    },
    stop() {
      for (const face of faces.values()) face.close();
    },
  };
}
