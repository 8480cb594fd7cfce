/** Does Asterisk read this context of extensions.conf? A PBX of which Lua is the whole dialplan does not. */
export function isInConf(context: string): boolean {
  return isInDialplan(context, "s");
}

export function isInDialplan(context: string, extension: string): boolean {
  return channel.DIALPLAN_EXISTS(context, extension, 1).get() === "1";
}
