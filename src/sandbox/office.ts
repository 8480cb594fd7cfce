import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "../terminal/problem.ts";
import type { Login } from "./ami.ts";
import type { RunningAsterisk } from "./asterisk.ts";
import { type Pbx, type PbxOptions, startPbx } from "./pbx.ts";
import type { Phone } from "./phone.ts";
import { type Phones, startPhones } from "./phones.ts";
import { freeUdpPorts } from "./ports.ts";
import { atOurEnd } from "./reaper.ts";
import type { Release } from "./release.ts";

/** A PBX and a phone for each of its numbers. */
export interface Office {
  pbx: Pbx;
  /** The Asterisk that plays the phones. */
  phonesAsterisk: RunningAsterisk;
  /** The manager interface of the phones' Asterisk. */
  phonesLogin: Login;
  phonesPort: number;
  folder: string;
  /** In the order of `endpoints`, `outsiders`, `extraPhones`. */
  phones: Phone[];
  /** The phone of a number; the first one if it has several. */
  phone(number: string): Phone;
  /** Stops both, and removes their files unless `keep` is set. */
  stop(): Promise<void>;
}

export type OfficeOptions = Omit<PbxOptions, "folder" | "port"> & {
  /** Another release for the phones' Asterisk than the PBX's. */
  phonesRelease?: Release;
  /** More phones for the same numbers, such as a second one for 102. */
  extraPhones?: readonly string[];
  /** Extensions whose phones are switched off at first. */
  phoneless?: readonly string[];
};

/** Starts both in parallel, in a temporary folder. Takes about 2 s. */
export async function startOffice(options: OfficeOptions): Promise<Office> {
  const { release, endpoints, outsiders = [], extraPhones = [], phoneless = [], keep = false } = options;
  // Short, because the path of a control socket is limited.
  const folder = await mkdtemp(join(tmpdir(), "office-"));
  const outlived = keep ? () => {} : atOurEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const [pbxPort] = (await freeUdpPorts(1)) as [number];
  const numbers = [...endpoints, ...outsiders, ...extraPhones];
  const pbx = startPbx({
    ...options,
    endpoints: [...endpoints, ...phoneless],
    folder: join(folder, "pbx"),
    port: pbxPort,
  });
  const rig = startPhones({
    release: options.phonesRelease ?? release,
    folder: join(folder, "phones"),
    pbx,
    pbxHost: options.host,
    pbxPort,
    numbers,
    rtpPorts: options.rtpPorts,
    keep,
  });
  const started = await Promise.allSettled([pbx, rig]);
  const stop = async () => {
    await Promise.all(started.map((one) => (one.status === "fulfilled" ? one.value.stop() : undefined)));
    if (!keep) await rm(folder, { recursive: true, force: true });
    outlived();
  };
  const failed = started.find((one) => one.status === "rejected");
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  const { phones, asterisk, login, port } = (started[1] as PromiseFulfilledResult<Phones>).value;
  return {
    pbx: (started[0] as PromiseFulfilledResult<Pbx>).value,
    phonesAsterisk: asterisk,
    phonesLogin: login,
    phonesPort: port,
    folder,
    phones,
    phone(number) {
      const found = phones.find((phone) => phone.number === number);
      if (found === undefined) throw new Problem(`Nobody has number ${number}.`, "Name it when the office is started.");
      return found;
    },
    stop,
  };
}
