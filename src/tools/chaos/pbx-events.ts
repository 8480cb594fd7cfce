import type { Message } from "../../sandbox/ami.ts";
import type { Event } from "./event.ts";

/** What an event of the PBX's manager interface tells. */
export function pbxEvent(message: Message): Event | undefined {
  const at = Number(message.Timestamp) * 1000;
  const leg = message.Uniqueid ?? "";
  switch (message.Event) {
    case "Newchannel": {
      // Local channels and the like have no phone.
      const { Channel: channel = "" } = message;
      const party = /^(?:PJSIP|SIP)\/(.+)-[^-]*$/.exec(channel)?.[1];
      return party === undefined ? undefined : { at, leg, what: "begins", party, channel };
    }
    case "Newstate":
      return message.ChannelStateDesc === "Up" ? { at, leg, what: "is up" } : undefined;
    case "LocalBridge": {
      const { LocalOneUniqueid: half = "", LocalTwoUniqueid = "" } = message;
      return { at, leg: LocalTwoUniqueid, what: "is called through", half };
    }
    case "DialBegin":
      return { at, leg, what: "dials", other: message.DestUniqueid ?? "" };
    case "DialEnd":
      return { at, leg, what: "dialled", other: message.DestUniqueid ?? "" };
    case "BridgeEnter":
      return { at, leg, what: "joins", bridge: message.BridgeUniqueid ?? "" };
    case "BridgeLeave":
      return { at, leg, what: "leaves", bridge: message.BridgeUniqueid ?? "" };
    case "BlindTransfer":
      return passing(message, at);
    case "DTMFEnd":
      return message.Direction === "Received" ? { at, leg, what: "keys", key: message.Digit ?? "" } : undefined;
    case "Hangup":
      return { at, leg, what: "ends", cause: Number(message.Cause) };
    default:
      return undefined;
  }
}

function passing(message: Message, at: number): Event | undefined {
  if (message.Result !== "Success") return undefined;
  const {
    TransfereeUniqueid: leg = "",
    TransfererUniqueid: by = "",
    Extension: to = "",
    Context: context = "",
  } = message;
  return { at, leg, what: "is passed on", by, to, context };
}

/** The manager interface of a PBX, added to its manager.conf. */
export function managerConf(login: { port: number; user: string; secret: string }): string {
  return `
[general](+)
enabled = yes
bindaddr = 127.0.0.1
port = ${login.port}
timestampevents = yes

[${login.user}]
secret = ${login.secret}
read = call,dtmf
write = call,reporting
writetimeout = 10000
`;
}
