/**
 * Code for the start of the bundle that stops a Node which is too old, with one sentence. Node 10 must be able to parse
 * the whole file for that. So the bundle is CommonJS (an ES module fails before its first line if Node lacks an
 * imported name), and its syntax is that of `readableBy`.
 *
 * @param oldest the oldest supported Node, such as "18.19"
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
