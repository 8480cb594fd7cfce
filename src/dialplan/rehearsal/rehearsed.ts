import { contexts, index } from "../../contract/names";
import { cast, castPrefix, noExtension } from "../../contract/scenes";
import { nodeIn, sceneOf } from "./scene";

/** Short times, and nothing that leads out of the rehearsal. Every other setting is the admin's. */
const general: Record<string, string> = {
  ring_timeout: "1",
  recall_timeout: "3",
  wait_timeout: "5",
  recall_attempts: "1",
  dnd: "",
  voicemail: "",
  mobile_memory: "0",
  pass_through: `${noExtension.pattern}@${contexts.rehearsal}`,
};

/** The nodes are the admin's. */
const sectionsOfNodes: Record<string, true> = {
  [index.node]: true,
  [index.peers]: true,
  [index.trunks]: true,
};

/** What `rehearsed` says of a setting in which a rehearsal does not differ. */
export const asTheAdminSays = "as the admin says";

/** A setting as the rehearsal's scene has it. */
export function rehearsed(scene: string, section: string, name: string): string | undefined {
  if (section === "general") {
    if (name === "mobile_dial") return `${actor(scene, "m")}\${NUMBER}@${contexts.rehearsal}/n`;
    // Time for a caller to press a key on a busy machine.
    if (name === "ring_timeout" && sceneOf(scene).impatient) return "3";
    if (name === "fallback") return `${scene}-f@${contexts.rehearsal}`;
    return general[name] ?? asTheAdminSays;
  }
  if (sectionsOfNodes[section]) return asTheAdminSays;
  if (section === index.prefixes) return name === castPrefix ? "yes" : undefined;
  if (section === index.devices) return name === device(scene, "t") ? cast.transferer : undefined;
  return settingOf(scene, section, name);
}

/**
 * Rings one extension but takes the state of another. A Local channel is in use while it exists (main/core_local.c), so
 * the transferer is busy until released, and the receiver while their other call lasts.
 */
function settingOf(scene: string, extension: string, name: string): string | undefined {
  const { mobile } = sceneOf(scene);
  if (extension === cast.transferer) {
    if (name === "device") return device(scene, "t");
    if (name === "dial") return `${device(scene, "b")}/n`;
  } else if (extension === cast.receiver) {
    if (name === "device") return device(scene, "o");
    if (name === "dial") return `${device(scene, "r")}/n`;
    if (name === "mobile" && mobile) return "1";
  } else if (extension === cast.absent && name === "device") {
    // A device that no pattern of the rehearsal's context matches.
    return `Local/nobody@${contexts.rehearsal}`;
  } else if (extension === cast.remote) {
    if (name === "device") return device(scene, "o");
    if (name === "node") return nodeIn(scene);
  }
  return undefined;
}

/** The Local channel whose far half plays this role. */
export function device(scene: string, role: string): string {
  return `${actor(scene, role)}@${contexts.rehearsal}`;
}

function actor(scene: string, role: string): string {
  return `Local/${scene}-${role}`;
}
