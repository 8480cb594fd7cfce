/**
 * Something that was seen on the PBX before anything is written. A refusal stops the install; a warning and a note are shown
 * with the plan: a warning asks for the admin's attention, a note says what is done with what was found.
 */
export interface Remark {
  readonly kind: "refusal" | "warning" | "note";
  /** One sentence: what is so, and where (file and line). */
  readonly says: string;
  /** One sentence: what to do. */
  readonly remedy: string;
}

export const refusal = (says: string, remedy: string): Remark => ({ kind: "refusal", says, remedy });
export const warning = (says: string, remedy: string): Remark => ({ kind: "warning", says, remedy });
export const note = (says: string, remedy = ""): Remark => ({ kind: "note", says, remedy });
