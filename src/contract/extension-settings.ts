import type { Setting } from "./setting.ts";

const yesOrNo = ["yes", "no"] as const;

/** Settings of an extension's section, such as [101]. */
export const extensionSettings = [
  {
    name: "device",
    kind: "devices",
    default: "",
    max: 400,
    applied: true,
    about: "the phone whose state counts; join several by &",
  },
  { name: "dial", kind: "dial", default: "", max: 400, about: "how to ring it, if not as [general] says" },
  { name: "mobile", kind: "number", default: "", max: 40, about: "tried when the desk does not answer or is offline" },
  {
    name: "transfer",
    kind: "choice",
    default: "yes",
    max: 3,
    choices: yesOrNo,
    applied: true,
    about: "may start transfers",
  },
  {
    name: "fallback",
    kind: "destination",
    default: "",
    max: 160,
    about: "where a caller goes whom it sent on and nobody took, if not as [general] says",
  },
  { name: "receive", kind: "choice", default: "yes", max: 3, choices: yesOrNo, about: "may be transferred to" },
  {
    name: "node",
    kind: "optionalName",
    default: "",
    max: 40,
    applied: true,
    forNodes: true,
    about: "where its phones register, when there are [nodes]",
  },
] as const satisfies readonly Setting[];

export type ExtensionSettingName = (typeof extensionSettings)[number]["name"];
