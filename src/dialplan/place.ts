/** An extension of the admin's dialplan, as a setting names it. */
export interface Place {
  readonly extension: string;
  readonly context: string;
}

/** Splits an extension@context; `undefined` if a setting is empty. */
export function placeIn(setting: string): Place | undefined {
  const [extension, context] = string.match(setting, "^([^@]+)@([^@]+)$");
  return extension === undefined || context === undefined ? undefined : { extension, context };
}

/** Whether the admin's dialplan has it. */
export function exists({ extension, context }: Place): boolean {
  return channel.DIALPLAN_EXISTS(context, extension, 1).get() === "1";
}

export function goTo({ extension, context }: Place): void {
  app.Goto(context, extension, 1);
}
