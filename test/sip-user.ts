import { randomUUID } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { authorize } from "../src/sandbox/register.ts";

/** A SIP message: its first line, its headers by name in lower case, the first of each. */
export interface SipMessage {
  readonly first: string;
  readonly headers: ReadonlyMap<string, string>;
}

/** A phone's answer to a call: a status line, and further headers. */
export type Answer = readonly [status: string, ...headers: string[]];

/** One end of a call: the parts of a request within it. */
export interface Dialog {
  readonly target: string;
  readonly local: string;
  readonly remote: string;
  readonly callId: string;
}

/** How long to wait for an answer: Asterisk drops without a word what it cannot read. */
const answerTimeout = 1_000;

/**
 * Phones that send whatever a test wants, from one UDP port: an Asterisk would not send faulty SIP. They answer calls as
 * `answer` says, and every other request with 200.
 */
export class SipUsers {
  /** All calls that came in. */
  readonly called: SipMessage[] = [];
  /** How an incoming call is answered. */
  answer: (request: SipMessage) => Answer = () => ["486 Busy Here"];
  /** Calls that were answered, by the contact that was called. */
  readonly answered = new Map<string, Dialog>();
  private readonly waiting = new Map<string, (message: SipMessage) => void>();
  private readonly said = new Map<string, string>();

  private constructor(
    private readonly socket: Socket,
    private readonly pbxPort: number,
    private readonly pbxHost: string,
  ) {
    socket.on("message", (bytes) => this.take(parsed(bytes.toString("latin1"))));
  }

  static async open(pbxPort: number, pbxHost = "127.0.0.1"): Promise<SipUsers> {
    const socket = createSocket("udp4");
    await once(socket.bind(0, "127.0.0.1"), "listening");
    return new SipUsers(socket, pbxPort, pbxHost);
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  close(): void {
    this.socket.close();
  }

  /** Calls a number, with further headers; the call once it is answered, `undefined` when it is refused. */
  async call(number: string, password: string, dialled: string, from: string, extra: readonly string[]) {
    const dialog = this.dialogTo(dialled, from);
    const uri = dialog.target;
    const headers = [`Contact: <sip:${number}@${this.address}>`, ...extra];
    let response = await this.request("INVITE", dialog, 1, headers, true);
    if (response.first.startsWith("SIP/2.0 401")) {
      this.send(this.text("ACK", dialog, 1, []));
      const challenge = response.headers.get("www-authenticate") ?? "";
      const credentials = authorize({ number, password, method: "INVITE", uri }, challenge);
      response = await this.request("INVITE", dialog, 2, [...headers, `Authorization: ${credentials}`], true);
    }
    const up: Dialog = {
      ...dialog,
      remote: response.headers.get("to") ?? "",
      target: /<([^>]*)>/.exec(response.headers.get("contact") ?? "")?.[1] ?? uri,
    };
    if (response.first !== "") this.send(this.text("ACK", up, 2, []));
    return response.first.startsWith("SIP/2.0 2") ? up : undefined;
  }

  /** Calls a number, and has no password; the status line of the answer. */
  async callAsStranger(dialled: string, from: string): Promise<string> {
    const dialog = this.dialogTo(dialled, from);
    const response = await this.request("INVITE", dialog, 1, [`Contact: <sip:${this.address}>`], true);
    if (response.first !== "") this.send(this.text("ACK", dialog, 1, []));
    return response.first;
  }

  private dialogTo(dialled: string, from: string): Dialog {
    const uri = `sip:${dialled}@${this.pbxHost}:${this.pbxPort}`;
    return { target: uri, local: `${from};tag=${randomUUID()}`, remote: `<${uri}>`, callId: randomUUID() };
  }

  /** A request within a call; the final response, empty when there is none. */
  within(dialog: Dialog, method: string, headers: readonly string[] = []): Promise<SipMessage> {
    return this.request(method, dialog, 100 + Math.floor(Math.random() * 1e6), headers, false);
  }

  private async request(method: string, dialog: Dialog, sequence: number, headers: readonly string[], sdp: boolean) {
    const branch = `z9hG4bK${randomUUID()}`;
    const response = new Promise<SipMessage>((resolve) => {
      const finish = (message: SipMessage) => {
        clearTimeout(timer);
        this.waiting.delete(branch);
        resolve(message);
      };
      const timer = setTimeout(() => finish({ first: "", headers: new Map() }), answerTimeout);
      this.waiting.set(branch, finish);
    });
    this.send(this.text(method, dialog, sequence, headers, branch, sdp));
    return response;
  }

  private text(
    method: string,
    { target, local, remote, callId }: Dialog,
    sequence: number,
    headers: readonly string[],
    branch = `z9hG4bK${randomUUID()}`,
    sdp = false,
  ): string {
    const lines = [
      `${method} ${target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.address};branch=${branch}`,
      "Max-Forwards: 70",
      `From: ${local}`,
      `To: ${remote}`,
      `Call-ID: ${callId}`,
      `CSeq: ${sequence} ${method}`,
      ...headers,
    ];
    return withBody(lines, sdp);
  }

  private send(text: string): void {
    this.socket.send(Buffer.from(text, "latin1"), this.pbxPort, this.pbxHost);
  }

  private take(message: SipMessage): void {
    const branch = /branch=([^;,\s]+)/.exec(message.headers.get("via") ?? "")?.[1] ?? "";
    if (message.first.startsWith("SIP/2.0")) {
      if (message.first.startsWith("SIP/2.0 1")) return;
      this.waiting.get(branch)?.(message);
      return;
    }
    const [method = "", uri = ""] = message.first.split(" ");
    if (method === "ACK") return;
    const key = `${branch} ${method}`;
    let response = this.said.get(key);
    if (response === undefined) {
      const [status, ...headers] = method === "INVITE" ? this.invited(message, uri) : (["200 OK"] as const);
      response = this.response(message, status, headers);
      this.said.set(key, response);
    }
    this.send(response);
  }

  private invited(message: SipMessage, uri: string): Answer {
    this.called.push(message);
    return this.answer(message).map((one) => one.replaceAll("CALLED", uri)) as unknown as Answer;
  }

  private response(request: SipMessage, status: string, headers: readonly string[]): string {
    const header = (name: string) => request.headers.get(name.toLowerCase()) ?? "";
    const to = header("To").includes(";tag=") ? header("To") : `${header("To")};tag=${randomUUID()}`;
    const uri = request.first.split(" ")[1] ?? "";
    if (status.startsWith("200") && request.first.startsWith("INVITE")) {
      const target = /<([^>]*)>/.exec(header("Contact"))?.[1] ?? "";
      this.answered.set(uri, { target, local: to, remote: header("From"), callId: header("Call-ID") });
    }
    const lines = [
      `SIP/2.0 ${status}`,
      ...["Via", "From"].map((name) => `${name}: ${header(name)}`),
      `To: ${to}`,
      ...["Call-ID", "CSeq"].map((name) => `${name}: ${header(name)}`),
      ...headers,
    ];
    return withBody(lines, status.startsWith("200") && request.first.startsWith("INVITE"));
  }
}

const sdp = [
  "v=0",
  "o=- 1 1 IN IP4 127.0.0.1",
  "s=-",
  "c=IN IP4 127.0.0.1",
  "t=0 0",
  // A port where nobody listens: the sound does not matter.
  "m=audio 9 RTP/AVP 0",
  "a=rtpmap:0 PCMU/8000",
  "",
].join("\r\n");

function withBody(lines: readonly string[], hasSdp: boolean): string {
  const body = hasSdp ? sdp : "";
  const type = hasSdp ? ["Content-Type: application/sdp"] : [];
  return [...lines, ...type, `Content-Length: ${body.length}`, "", body].join("\r\n");
}

function parsed(text: string): SipMessage {
  const [first = "", ...lines] = (text.split("\r\n\r\n")[0] ?? "").split("\r\n");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { first, headers };
}
