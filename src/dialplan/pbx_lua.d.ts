/**
 * What pbx_lua (pbx/pbx_lua.c) gives a handler. Only what this dialplan uses is declared, with its arguments, so that a
 * misspelt application or a forgotten argument does not compile. None of it exists while extensions.lua is being loaded.
 */

/** A channel variable or function; `undefined` when it is not set or the function failed. */
interface ChannelValue {
  get(): string | undefined;
  set(value: string): void;
}

type Optional = string | undefined;

/** @noSelf */
interface Applications {
  BlindTransfer(extension: string, context: string): void;
  Dial(devices: string, seconds: number, options: string): void;
  Goto(context: string, extension: string, priority: number): void;
  Hangup(): void;
  Log(level: "NOTICE" | "WARNING", text: string): void;
  MusicOnHold(musicClass: string, seconds: number): void;
  Playback(sound: string): void;
  Playtones(tone: string): void;
  Read(
    variable: string,
    prompt: Optional,
    maxDigits: number,
    options: Optional,
    attempts: number,
    seconds: number,
  ): void;
  Return(): void;
  StopPlaytones(): void;
  Verbose(level: number, text: string): void;
  Wait(seconds: number): void;
}

/** @noSelf */
interface ChannelTable {
  readonly BLINDTRANSFER: ChannelValue;
  readonly BRIDGEPEER: ChannelValue;
  readonly DIALSTATUS: ChannelValue;
  readonly READSTATUS: ChannelValue;
  /** The key's digit just read. */
  readonly SMART_TRANSFER_DIGIT: ChannelValue;

  /** On the caller's channel: his own name, which a recall hides behind its reason. */
  readonly SMART_TRANSFER_CALLER: ChannelValue;

  AST_CONFIG(file: string, section: string, name: string): ChannelValue;
  CALLERID(part: "name" | "num"): ChannelValue;
  CHANNEL(item: "name"): ChannelValue;
  DEVICE_STATE(device: string): ChannelValue;
  PJSIP_DIAL_CONTACTS(endpoint: string): ChannelValue;
  PJSIP_HEADER(action: "add", header: string): ChannelValue;
  VALID_EXTEN(context: string, extension: string, priority: number): ChannelValue;
}

declare const app: Applications;
declare const channel: ChannelTable;
