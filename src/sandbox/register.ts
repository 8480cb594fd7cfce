import { createHash, randomUUID } from "node:crypto";
import { createSocket } from "node:dgram";
import { on, once } from "node:events";
import { Problem } from "../terminal/problem.ts";
import { loopback } from "./ports.ts";

export interface Registration {
  /** Default: 127.0.0.1. */
  pbxHost?: string;
  pbxPort: number;
  number: string;
  password: string;
  /** Where to send calls for this number. */
  contact: string;
  /** Seconds; 0 unregisters. */
  expires: number;
}

/** The timeout of a response, in ms. On loopback it normally takes one. */
const answerTimeout = 5_000;
/** When a request is sent again, in ms: a datagram may be lost (RFC 3261, 17.1.2). */
const sentAgain = 500;

/**
 * Registers or unregisters a phone with a SIP REGISTER of our own. Asterisk's outbound registration does not suit
 * tests: it waits some random seconds first, and always begins by unregistering.
 */
export async function sendRegister(registration: Registration): Promise<void> {
  const socket = createSocket("udp4");
  try {
    await once(socket.bind(0, loopback), "listening");
    const callId = randomUUID();
    const ask = async (sequence: number, authorization: string) => {
      const text = message(registration, socket.address().port, callId, sequence, authorization);
      const send = () => socket.send(text, registration.pbxPort, registration.pbxHost ?? loopback);
      const messages = on(socket, "message", { signal: AbortSignal.timeout(answerTimeout) });
      const again = setInterval(send, sentAgain);
      try {
        send();
        for await (const [answer] of messages) {
          if (String(answer).includes(`CSeq: ${sequence} `)) return String(answer);
        }
        return "";
      } finally {
        clearInterval(again);
      }
    };
    let answer = await ask(1, "");
    const claim = { ...registration, method: "REGISTER", uri: uri(registration) };
    if (answer.startsWith("SIP/2.0 401")) answer = await ask(2, authorize(claim, answer));
    if (!answer.startsWith("SIP/2.0 200")) throw refused(registration, answer.slice(0, answer.indexOf("\r\n")));
  } catch (error) {
    throw error instanceof Problem ? error : refused(registration, `nothing in ${answerTimeout} ms`);
  } finally {
    socket.close();
  }
}

function message(
  registration: Registration,
  port: number,
  callId: string,
  sequence: number,
  authorization: string,
): string {
  const { number, contact, expires } = registration;
  return [
    `REGISTER ${uri(registration)} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${randomUUID()}`,
    "Max-Forwards: 70",
    `From: <sip:${number}@127.0.0.1>;tag=${callId}`,
    `To: <sip:${number}@127.0.0.1>`,
    `Call-ID: ${callId}`,
    `CSeq: ${sequence} REGISTER`,
    `Contact: <${contact}>`,
    `Expires: ${expires}`,
    ...(authorization === "" ? [] : [`Authorization: ${authorization}`]),
    "Content-Length: 0",
    "\r\n",
  ].join("\r\n");
}

/** Who is authenticating, and for which request. */
export interface Claim {
  readonly number: string;
  readonly password: string;
  readonly method: string;
  readonly uri: string;
}

/**
 * Digest authentication of RFC 2617, with MD5, which every Asterisk offers. chan_sip uses the older form without `qop`.
 */
export function authorize({ number, password, method, uri }: Claim, challenge: string): string {
  const value = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? "";
  const [realm, nonce, opaque] = [value("realm"), value("nonce"), value("opaque")];
  const [count, own] = ["00000001", randomUUID()];
  const who = md5(`${number}:${realm}:${password}`);
  const what = md5(`${method}:${uri}`);
  const isOld = !challenge.includes("qop=");
  const response = md5((isOld ? [who, nonce, what] : [who, nonce, count, own, "auth", what]).join(":"));
  return (
    `Digest username="${number}",realm="${realm}",nonce="${nonce}",uri="${uri}",response="${response}",` +
    `algorithm=MD5${isOld ? "" : `,opaque="${opaque}",qop=auth,nc=${count},cnonce="${own}"`}`
  );
}

function uri({ pbxHost = loopback, pbxPort }: Registration): string {
  return `sip:${pbxHost}:${pbxPort}`;
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

function refused({ number, pbxPort }: Registration, answer: string): Problem {
  return new Problem(
    `The PBX at UDP port ${pbxPort} did not register phone ${number}: ${answer}.`,
    "See the log of the PBX.",
  );
}
