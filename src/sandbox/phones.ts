import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../terminal/problem.ts";
import { Ami, type Login } from "./ami.ts";
import { type RunningAsterisk, startAsterisk } from "./asterisk.ts";
import { patience } from "./call.ts";
import { Changes } from "./changes.ts";
import { drivers } from "./drivers.ts";
import { type Pbx, passwordOf } from "./pbx.ts";
import { Phone } from "./phone.ts";
import { type PhoneAccount, phonesConf } from "./phones-conf.ts";
import { freeRtpRange, freeTcpPort, freeUdpPorts, loopback } from "./ports.ts";
import { sendRegister } from "./register.ts";
import type { Release } from "./release.ts";

export interface Phones {
  phones: Phone[];
  /** The Asterisk that plays all of them. */
  asterisk: RunningAsterisk;
  /** The login to its manager interface. */
  login: Login;
  /** Its UDP port for SIP, on 127.0.0.1. */
  port: number;
  stop(): Promise<void>;
}

export interface PhonesOptions {
  release: Release;
  folder: string;
  /** The PBX, which may still be starting. */
  pbx: Pbx | Promise<Pbx>;
  /** Default: 127.0.0.1. */
  pbxHost?: string | undefined;
  pbxPort: number;
  /** The numbers, one phone for each. A number that appears twice gets two phones. */
  numbers: readonly string[];
  rtpPorts?: number | undefined;
  keep?: boolean;
}

/** Starts softphones in the order of their numbers, and registers them with the PBX. */
export async function startPhones(options: PhonesOptions): Promise<Phones> {
  const { release, folder, pbxHost = loopback, pbxPort, numbers, keep = false } = options;
  const accounts = numbers.map((number, index) => accountOf(number, numbers.slice(0, index)));
  const [port] = (await freeUdpPorts(1)) as [number];
  const login = { port: await freeTcpPort(), user: "phones", secret: randomBytes(12).toString("hex") };
  const etc = phonesConf({ accounts, port, pbxHost, pbxPort, rtp: await freeRtpRange(options.rtpPorts), login });
  const asterisk = await startAsterisk({ release, folder, etc, stock: false, prompts: false, keep });
  const connections: Ami[] = [];
  const connect = async (events: "on" | "off") => {
    const ami = await Ami.connect(login, events);
    connections.push(ami);
    return ami;
  };
  const stop = async () => {
    for (const ami of connections) ami.close();
    await asterisk.stop();
  };
  try {
    const changes = new Changes();
    const listener = await connect("on");
    const pbx = await options.pbx;
    const register = async ({ id, number }: PhoneAccount, wanted: boolean) => {
      const contact = `sip:${id}@127.0.0.1:${port}`;
      await sendRegister({
        pbxHost,
        pbxPort,
        number,
        password: passwordOf(number),
        contact,
        expires: wanted ? 3600 : 0,
      });
      await untilReached(pbx, number, contact, wanted);
    };
    const calm = () => untilCalm(pbx);
    // Each phone has its own connection, because Asterisk blocks a connection while a key is pressed.
    const make = async (account: PhoneAccount) => new Phone(account, await connect("off"), { changes, register, calm });
    const phones = await Promise.all(accounts.map(make));
    listener.onEvent((event) => {
      for (const phone of phones) phone.take(event);
      changes.happened();
    });
    await Promise.all(phones.map((phone) => phone.register()));
    return { phones, asterisk, login, port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Names phones of the same number 102, 102b, 102c. */
function accountOf(number: string, before: readonly string[]): PhoneAccount {
  const twins = before.filter((other) => other === number).length;
  return { number, id: twins === 0 ? number : number + String.fromCharCode("a".charCodeAt(0) + twins) };
}

/** Waits until the PBX has logged nothing for 100 ms, up to one second. */
async function untilCalm(pbx: Pbx): Promise<void> {
  const deadline = Date.now() + 1000;
  let [size, since] = [-1, 0];
  while (Date.now() < deadline) {
    const now = (await stat(pbx.logFile)).size;
    if (now !== size) [size, since] = [now, Date.now()];
    else if (Date.now() - since >= 100) return;
    await sleep(10);
  }
}

/**
 * Asks the PBX until it has, or no longer has, a phone at this address, and until its device state agrees, which
 * follows a little later.
 */
async function untilReached(pbx: Pbx, number: string, address: string, wanted: boolean): Promise<void> {
  const { show, contacts, isOff } = drivers[pbx.driver];
  const deadline = Date.now() + patience;
  while (true) {
    const shown = await pbx.cli(`${show} ${number}`);
    const found = contacts(shown, number);
    if (found.includes(address) === wanted && isOff(shown) === (found.length === 0)) return;
    if (Date.now() > deadline) {
      throw new Problem(
        `The PBX still ${wanted ? "cannot reach" : "reaches"} the phone ${address}.`,
        `Its log is ${pbx.logFile}.`,
      );
    }
    await sleep(10);
  }
}
