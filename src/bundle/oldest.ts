/**
 * Where a bundle begins that tells a Node which is too old for it, in one sentence. For that Node 10 must be able to read
 * the whole file: so it is CommonJS (an ES module fails before its first line where Node lacks a name that it imports), and
 * its syntax is that of `readableBy`.
 *
 * @param oldest the oldest Node that will do: "18.19"
 */
export function refusalBefore(oldest: string): string {
  const [major, minor] = oldest.split(".");
  return `"use strict";
(function () {
  var have = process.versions.node.split(".").map(Number);
  if (have[0] > ${major} || (have[0] === ${major} && have[1] >= ${minor})) return;
  console.error("asterisk-smart-transfer needs Node ${oldest} or later, and this is Node " + process.versions.node + ".");
  process.exit(1);
})();`;
}

export const readableBy = "node10.4";
