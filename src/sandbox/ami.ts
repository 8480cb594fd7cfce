import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Problem } from "../terminal/problem.ts";

/** A message of Asterisk's manager interface: its headers by name. If a header is repeated, the first value counts. */
export type Message = Readonly<Record<string, string>>;

export interface Login {
  port: number;
  user: string;
  secret: string;
}

const answerTimeout = 10_000;

/** A connection to Asterisk's manager interface. It controls the phones' Asterisk; the product never uses it. */
export class Ami {
  private readonly answers = new Map<string, (answer: Message) => void>();
  private readonly listeners = new Set<(event: Message) => void>();
  private received = "";
  private lastAction = 0;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding("utf8").on("data", (text: string) => this.take(text));
    socket.setNoDelay();
    // A lost connection shows up as actions without a response.
    socket.on("error", () => {});
  }

  /** Logs in. `events` selects the events to receive: all, none, or those of the listed classes. */
  static async connect({ port, user, secret }: Login, events: "on" | "off" | "call,user"): Promise<Ami> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    const ami = new Ami(socket);
    await ami.action("Login", { Username: user, Secret: secret, Events: events });
    return ami;
  }

  /** Sends an action and returns the response. Throws if the response is "Error". */
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

  /** Calls a function with every event, in order. */
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
      // Events caused by an action carry its id too.
      else this.answers.get(message.ActionID ?? "")?.(message);
    }
  }
}

function parse(text: string): Message {
  const message: Record<string, string> = {};
  // A greeting without a colon precedes the first message.
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) message[line.slice(0, colon)] ??= line.slice(colon + 1).trim();
  }
  return message;
}
