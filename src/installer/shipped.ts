import type { Recording } from "../sandbox/demo/story.ts";
import { unpackSounds } from "./packed-sounds.ts";
import type { Shipped } from "./plan/generated.ts";

// src/tools/build.ts replaces these. They are strings only, because esbuild would reference anything else in every module.
declare const SHIPPED_VERSION: string;
declare const SHIPPED_DIALPLAN: string;
declare const SHIPPED_VOCABULARY: string;
declare const SHIPPED_DEMO: string;
declare const SHIPPED_SOUNDS: string;

/** The contents of the bundle. At run time there is no other file to read them from. */
export function shipped(): Shipped {
  return {
    version: SHIPPED_VERSION,
    dialplan: SHIPPED_DIALPLAN,
    vocabulary: JSON.parse(SHIPPED_VOCABULARY) as Shipped["vocabulary"],
    sounds: unpackSounds(SHIPPED_SOUNDS),
  };
}

/** The recorded demo, of one PBX or of several nodes. */
export function recordedDemo(which: "one" | "nodes"): Recording {
  return (JSON.parse(SHIPPED_DEMO) as Record<typeof which, Recording>)[which];
}
