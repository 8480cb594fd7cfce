/**
 * The environment of a handler in pbx_lua (pbx/pbx_lua.c). Declares only what this dialplan uses, with its arguments,
 * so that a misspelt application or a missing argument does not compile. None of it exists while extensions.lua is
 * being loaded.
 */

/** A channel variable or function; `undefined` if it is not set or the function failed. */
interface ChannelValue {
  get(): string | undefined;
  set(value: string): void;
}

type Optional = string | undefined;

/** @noSelf */
interface Applications {
  Answer(): void;
  BlindTransfer(extension: string, context: string): void;
  /** @param options with `x` the channel is hung up when the call is over */
  Bridge(channelName: string, options: string): void;
  CELGenUserEvent(event: string, text: string): void;
  ChannelRedirect(channelName: string, context: string, extension: string, priority: number): void;
  Dial(devices: string, seconds: number, options: string): void;
  Goto(context: string, extension: string, priority: number): void;
  /** @param cause of Q.850; without it, that of an ordinary end */
  Hangup(cause?: number): void;
  Log(level: "NOTICE" | "WARNING", text: string): void;
  MusicOnHold(musicClass: string, seconds: number): void;
  Originate(device: string, kind: "exten", context: string, extension: string, priority: number, seconds: number): void;
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
  Ringing(): void;
  SendDTMF(keys: string, millisecondsBetween: number, milliseconds: number): void;
  /** Only with chan_sip, up to Asterisk 20. */
  SIPAddHeader(header: string): void;
  StartMusicOnHold(musicClass: string): void;
  StopMusicOnHold(): void;
  StopPlaytones(): void;
  Verbose(level: number, text: string): void;
  Wait(seconds: number): void;
  WaitDigit(seconds: number): void;
}

/** @noSelf */
interface ChannelTable {
  /** The argument of a Gosub on a phone's channel. */
  readonly ARG1: ChannelValue;
  /** Asterisk's configuration folder. */
  readonly ASTETCDIR: ChannelValue;
  readonly BLINDTRANSFER: ChannelValue;
  /** Inherited by the channels that this one dials. */
  readonly _BLINDTRANSFER: ChannelValue;
  readonly BRIDGEPEER: ChannelValue;
  readonly BRIDGERESULT: ChannelValue;
  /** The context that this channel is in. */
  readonly CONTEXT: ChannelValue;
  readonly DIALSTATUS: ChannelValue;
  readonly DYNAMIC_FEATURES: ChannelValue;
  /** The decision of Dial's Gosub on the answering channel; unset, the parties are bridged. */
  readonly GOSUB_RESULT: ChannelValue;
  /** Seconds since 1970. */
  readonly EPOCH: ChannelValue;
  /** The context for Dial's option `d`. */
  readonly EXITCONTEXT: ChannelValue;
  readonly READSTATUS: ChannelValue;
  /** The start time of this channel in seconds since 1970, and its sequence number. */
  readonly UNIQUEID: ChannelValue;
  /** "DTMF" if a key was pressed. */
  readonly WAITDIGITSTATUS: ChannelValue;
  readonly WAITDIGITRESULT: ChannelValue;

  /** The digit just read. */
  readonly SMART_TRANSFER_DIGIT: ChannelValue;
  readonly SMART_TRANSFER_DIGITS: ChannelValue;
  /** On the caller's channel: who transferred them, to whom, and the result so far (transfer.ts, record.ts). */
  readonly SMART_TRANSFER_FROM: ChannelValue;
  readonly SMART_TRANSFER_TO: ChannelValue;
  readonly SMART_TRANSFER_FROM_DEVICE: ChannelValue;
  readonly SMART_TRANSFER_FROM_DIAL: ChannelValue;
  readonly SMART_TRANSFER_RETURNS: ChannelValue;
  readonly SMART_TRANSFER_TICKET: ChannelValue;
  readonly SMART_TRANSFER_STEP: ChannelValue;
  readonly SMART_TRANSFER_SINCE: ChannelValue;
  readonly SMART_TRANSFER_STEPS: ChannelValue;
  /** Inherited by channels that the caller's channel dials: `_` by the first, `__` by all further ones. */
  readonly SMART_TRANSFER_ALERT: ChannelValue;
  readonly __SMART_TRANSFER_ALERT: ChannelValue;
  readonly SMART_TRANSFER_CALLER_NAME: ChannelValue;
  readonly __SMART_TRANSFER_CALLER_NAME: ChannelValue;
  readonly SMART_TRANSFER_CALLER_NUM: ChannelValue;
  readonly __SMART_TRANSFER_CALLER_NUM: ChannelValue;
  readonly SMART_TRANSFER_CALLER_PRES: ChannelValue;
  readonly __SMART_TRANSFER_CALLER_PRES: ChannelValue;
  readonly SMART_TRANSFER_WAITER: ChannelValue;
  readonly __SMART_TRANSFER_WAITER: ChannelValue;
  readonly __SMART_TRANSFER_FOR: ChannelValue;
  readonly SMART_TRANSFER_CALLED_BY: ChannelValue;
  readonly _SMART_TRANSFER_CALLED_BY: ChannelValue;
  readonly SMART_TRANSFER_DIALLED: ChannelValue;
  readonly _SMART_TRANSFER_DIALLED: ChannelValue;

  /** Only on the channels of a rehearsal (rehearsal/scene.ts). */
  readonly SMART_TRANSFER_REHEARSAL: ChannelValue;
  readonly __SMART_TRANSFER_REHEARSAL: ChannelValue;
  readonly SMART_TRANSFER_LATE: ChannelValue;
  readonly SMART_TRANSFER_REHEARSED: ChannelValue;
  readonly SMART_TRANSFER_STAGE: ChannelValue;
  readonly SMART_TRANSFER_ASKED: ChannelValue;
  readonly SMART_TRANSFER_STAND_IN: ChannelValue;
  readonly SMART_TRANSFER_STAND_IN_NODE: ChannelValue;
  readonly [scene: `SMART_TRANSFER_SCENE_${string}`]: ChannelValue;
  readonly TRANSFER_CONTEXT: ChannelValue;

  AST_CONFIG(file: string, section: string, name: string): ChannelValue;
  CALLERID(part: "name" | "num" | "pres"): ChannelValue;
  CDR_PROP(property: "disable"): ChannelValue;
  CHANNEL(item: "name" | "language" | "hangup_handler_push"): ChannelValue;
  /** With `i` nobody is told at once: before a phone rings there is nobody to tell. */
  CONNECTEDLINE(part: "name" | "num" | "pres", inhibit?: "i"): ChannelValue;
  DEVICE_STATE(device: string): ChannelValue;
  /**
   * "1" or "0". Without a priority it would only check the context (funcs/func_dialplan.c). Replaces VALID_EXTEN, which
   * is gone in Asterisk 23.
   */
  DIALPLAN_EXISTS(context: string, extension: string, priority: number): ChannelValue;
  GLOBAL(name: string): ChannelValue;
  FEATUREMAP(feature: "blindxfer"): ChannelValue;
  /**
   * As a variable: the cause of the call that ended last, by number. Of a channel: why a channel that Dial called has
   * ended, in the terms of its technology or of Asterisk.
   */
  readonly HANGUPCAUSE: ChannelValue & ((channelName: string, words: "tech" | "ast") => ChannelValue);
  /** The channels that HANGUPCAUSE knows, separated by commas. */
  HANGUPCAUSE_KEYS(): ChannelValue;
  GROUP(category: string): ChannelValue;
  GROUP_COUNT(groupAtCategory: string): ChannelValue;
  /** Takes two regular expressions (regex(7)) of at most 79 characters each (main/app.c). */
  GROUP_MATCH_COUNT(groupsAtCategories: string): ChannelValue;
  /** A variable or expression of another channel; empty if that channel does not exist. */
  IMPORT(
    channelName: string,
    expression:
      | "BRIDGEPEER"
      | "CALLERID(num)"
      | "CHANNEL(checkhangup)"
      | "SHARED(SMART_TRANSFER_ANSWERED)"
      | "SMART_TRANSFER_FOR"
      | "SMART_TRANSFER_FROM"
      | "SMART_TRANSFER_SOUND"
      | "SMART_TRANSFER_STEP"
      | "SMART_TRANSFER_TO",
  ): ChannelValue;
  LOCK(name: string): ChannelValue;
  PJSIP_DIAL_CONTACTS(endpoint: string): ChannelValue;
  PJSIP_HEADER(action: "add", header: string): ChannelValue;
  SHARED(name: string, channelName?: string): ChannelValue;
  STRFTIME(epoch: string, timezone: string, format: string): ChannelValue;
  UNLOCK(name: string): ChannelValue;
}

/** The version and fingerprint of this dialplan, which the installer writes above it. */
declare const SMART_TRANSFER_DIALPLAN: string | undefined;

declare const app: Applications;
declare const channel: ChannelTable;
