/** Does Asterisk read this context of extensions.conf? A PBX of which Lua is the whole dialplan does not. */
export function isInConf(context: string): boolean {
  return channel.DIALPLAN_EXISTS(context, "s", 1).get() === "1";
}
