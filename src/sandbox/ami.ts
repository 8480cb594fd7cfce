import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Problem } from "../errors.ts";

/** A message of Asterisk's manager interface: its headers by name. A header that comes twice keeps its first value. */
export type Message = Readonly<Record<string, string>>;

export interface Login {
  port: number;
  user: string;
  secret: string;
}

const answerTimeout = 10_000;

/** A connection to Asterisk's manager interface. It moves the phones' Asterisk; the product itself never uses it. */
export class Ami {
  private readonly answers = new Map<string, (answer: Message) => void>();
  private readonly listeners = new Set<(event: Message) => void>();
  private received = "";
  private lastAction = 0;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding("utf8").on("data", (text: string) => this.take(text));
    socket.setNoDelay();
    // That the other side is gone shows in the actions that get no answer.
    socket.on("error", () => {});
  }

  /** Logs in; `events` says which events this connection is to be told of: all, none, or the classes of a list. */
  static async connect({ port, user, secret }: Login, events: "on" | "off" | "call,user"): Promise<Ami> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    const ami = new Ami(socket);
    await ami.action("Login", { Username: user, Secret: secret, Events: events });
    return ami;
  }

  /** Sends an action and gives its answer. An answer of "Error" is thrown. */
  async action(name: string, fields: Record<string, string> = {}): Promise<Message> {
    const id = String(++this.lastAction);
    const lines = Object.entries({ Action: name, ActionID: id, ...fields }).map(
      ([key, value]) => `${key}: ${value}\r\n`,
    );
    const answer = await new Promise<Message>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.answers.delete(id);
        reject(new Problem(`The phones' Asterisk did not answer to ${name}.`, "See its log."));
      }, answerTimeout);
      this.answers.set(id, (message) => {
        this.answers.delete(id);
        clearTimeout(timer);
        resolve(message);
      });
      this.socket.write(`${lines.join("")}\r\n`);
    });
    if (answer.Response === "Error") {
      throw new Problem(
        `The phones' Asterisk refused ${name} (${JSON.stringify(fields)}): ${answer.Message}`,
        "See its log.",
      );
    }
    return answer;
  }

  /** Has a function called with each event, in the order in which they come. */
  onEvent(listener: (event: Message) => void): void {
    this.listeners.add(listener);
  }

  close(): void {
    this.socket.destroy();
  }

  private take(text: string): void {
    const messages = (this.received + text).split("\r\n\r\n");
    this.received = messages.pop() ?? "";
    for (const message of messages.map(parse)) {
      if (message.Event !== undefined) for (const listener of this.listeners) listener(message);
      // Events that an action causes bear its id too.
      else this.answers.get(message.ActionID ?? "")?.(message);
    }
  }
}

function parse(text: string): Message {
  const message: Record<string, string> = {};
  // Before the first message comes a greeting, a line without a colon.
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) message[line.slice(0, colon)] ??= line.slice(colon + 1).trim();
  }
  return message;
}
