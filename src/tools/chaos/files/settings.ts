import { people, type settingsEdits, type Wish } from "./step.ts";

/** What a smart_transfer.conf says, as far as these sequences change it. */
export interface Said {
  readonly key: string;
  readonly ring: string;
  readonly extensions: readonly string[];
  readonly hasFault: boolean;
}

const keyLine = /^transfer_key = (\S+)/m;
const ringLine = /^ring_timeout = (\S+)/m;
const strange = "colour = red\n";
const tooLong = "9999";

export function saidIn(text = ""): Said {
  const ring = ringLine.exec(text)?.[1] ?? "20";
  return {
    key: keyLine.exec(text)?.[1] ?? "#",
    ring,
    extensions: [...text.matchAll(/^\[(\d+)\]/gm)].map(([, number]) => number as string).sort(),
    hasFault: text.includes(strange) || ring === tooLong,
  };
}

/** What they shall say after an install with these options. */
export function wished(text: string | undefined, { extensions, key, ring }: Wish): Said {
  const now = saidIn(text);
  const listed = now.extensions.length > 0 ? now.extensions : [...people];
  const next = ring ?? now.ring;
  return {
    key: key ?? now.key,
    ring: next,
    extensions: extensions === undefined ? listed : numbersIn(extensions),
    hasFault: (text ?? "").includes(strange) || next === tooLong,
  };
}

function numbersIn(list: string): string[] {
  return list.split(",").flatMap((part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
  });
}

export function optionsFor({ extensions, key, ring }: Wish): string[] {
  return [
    ...(extensions === undefined ? [] : ["--extensions", extensions]),
    ...(key === undefined ? [] : ["--key", key]),
    ...(ring === undefined ? [] : ["--set", `ring_timeout=${ring}`]),
  ];
}

/** What of it shapes other files. */
export const appliedOf = ({ key, extensions }: Said) => `${key} ${extensions.join()}`;

/** All that an install with options leaves alone: comments, the admin's order, other settings. */
export function besides(text: string): string {
  return text.replace(/\n\[\d+\]\ndevice = [^\n]*\n/g, "").replace(/^(?:transfer_key|ring_timeout) =.*/gm, "");
}

/** Edits the settings by hand; `undefined` deletes them. */
export function editedSettings(
  text: string,
  to: (typeof settingsEdits)[number],
  value: string,
  words: string,
): string | undefined {
  const below = (line: string) => text.replace(/^\[general\]\n/m, (head) => head + line);
  switch (to) {
    case "another ring_timeout":
      return text.replace(ringLine, `ring_timeout = ${/^\d+$/.test(value) ? value : "30"}`);
    case "another key":
      return text.replace(keyLine, `transfer_key = ${value.startsWith("*") ? value : "*9"}`);
    case "a comment":
      return below(`; ${words}\n`);
    case "a value out of range":
      return text.replace(ringLine, `ring_timeout = ${tooLong}`);
    case "an unknown setting":
      return text.includes(strange) ? text : below(strange);
    case "no fault any more":
      return text.replace(strange, "").replace(new RegExp(`^ring_timeout = ${tooLong}`, "m"), "ring_timeout = 20");
    case "nothing: it is deleted":
      return undefined;
  }
}
