import type { Recording } from "./demo/story.ts";
import type { Shipped } from "./plan/generated.ts";

// What src/build.ts puts in their place.
declare const SHIPPED_VERSION: string;
declare const SHIPPED_DIALPLAN: string;
declare const SHIPPED_DEMO: Recording;
declare const SHIPPED_SOUNDS: Record<string, Record<string, string>>;

/** What the bundle carries: there is nothing beside dist/install.js to read it from. */
export function shipped(): Shipped {
  const decoded = (files: Record<string, string>) =>
    Object.fromEntries(Object.entries(files).map(([file, content]) => [file, Buffer.from(content, "base64")]));
  const sounds = Object.fromEntries(
    Object.entries(SHIPPED_SOUNDS).map(([language, files]) => [language, decoded(files)]),
  );
  return { version: SHIPPED_VERSION, dialplan: SHIPPED_DIALPLAN, sounds };
}

/** The demo as it went when it was recorded. */
export function recordedDemo(): Recording {
  return SHIPPED_DEMO;
}
