import { unpackSounds } from "./bundle/sounds.ts";
import type { Recording } from "./demo/story.ts";
import type { Shipped } from "./plan/generated.ts";

// What src/build.ts puts in their place. Texts only: what is not one, esbuild would refer to in every module.
declare const SHIPPED_VERSION: string;
declare const SHIPPED_DIALPLAN: string;
declare const SHIPPED_VOCABULARY: string;
declare const SHIPPED_DEMO: string;
declare const SHIPPED_SOUNDS: string;

/** What the bundle carries: there is nothing beside dist/install.js to read it from. */
export function shipped(): Shipped {
  return {
    version: SHIPPED_VERSION,
    dialplan: SHIPPED_DIALPLAN,
    vocabulary: JSON.parse(SHIPPED_VOCABULARY) as Shipped["vocabulary"],
    sounds: unpackSounds(SHIPPED_SOUNDS),
  };
}

/** The demo as it went when it was recorded. */
export function recordedDemo(): Recording {
  return JSON.parse(SHIPPED_DEMO) as Recording;
}
