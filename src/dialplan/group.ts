/** How many channels are in a channel group of some category. */
export function members(group: string, category: string): number {
  return tonumber(channel.GROUP_COUNT(`${group}@${category}`).get() ?? "") ?? 0;
}
