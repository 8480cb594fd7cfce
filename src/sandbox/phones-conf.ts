import type { Login } from "./ami.ts";
import { passwordOf, rtpConf } from "./pbx.ts";
import type { PortRange } from "./ports.ts";

/** What a phone can do in a call: the extensions of the context `acts`. */
export type Act = "ring" | "silent" | "speak" | "hold" | "busy" | "decline" | "refer" | "connect";

/** A phone. Several phones can have the same number; each has its own name, by which the PBX reaches it. */
export interface PhoneAccount {
  id: string;
  number: string;
}

export interface PhonesConf {
  accounts: readonly PhoneAccount[];
  /** Their UDP port for SIP, on 127.0.0.1. */
  port: number;
  pbxHost: string;
  pbxPort: number;
  rtp: PortRange;
  login: Login;
}

/** The configuration of the phones' Asterisk: file name to text. */
export function phonesConf(conf: PhonesConf): Record<string, string> {
  return {
    "modules.conf": `[modules]\nautoload = no\n${modules.map((name) => `load = ${name}.so\n`).join("")}`,
    "manager.conf": managerConf(conf.login),
    "rtp.conf": rtpConf(conf.rtp),
    "pjsip.conf": pjsipBase(conf) + conf.accounts.map(phone).join(""),
    "extensions.conf": dialplan(conf),
  };
}

/** Only what phones need, so that Asterisk starts at once. */
const modules = [
  "pbx_config",
  "res_timing_timerfd",
  "res_pjproject",
  "res_sorcery_config",
  "res_sorcery_memory",
  "res_sorcery_astdb",
  "res_rtp_asterisk",
  "res_pjsip",
  "res_pjsip_session",
  "res_pjsip_sdp_rtp",
  "res_pjsip_caller_id",
  "res_pjsip_header_funcs",
  "res_pjsip_rfc3326",
  "res_pjsip_refer",
  "res_pjsip_pubsub",
  "res_pjsip_endpoint_identifier_ip",
  "res_pjsip_authenticator_digest",
  "res_pjsip_outbound_authenticator_digest",
  "chan_pjsip",
  "bridge_holding",
  "codec_ulaw",
  "codec_alaw",
  "app_bridgewait",
  "app_playtones",
  "app_senddtmf",
  "app_transfer",
  "app_userevent",
  "func_channel",
  "func_callerid",
  "func_talkdetect",
];

function managerConf({ port, user, secret }: Login): string {
  return `[general]
enabled = yes
bindaddr = 127.0.0.1
port = ${port}
timestampevents = yes

[${user}]
secret = ${secret}
read = call,user,dtmf,dialplan
write = system,call,originate
`;
}

/** An incoming call goes to the phone with the dialled number, whoever calls. */
function pjsipBase({ port, pbxHost, pbxPort }: PhonesConf): string {
  return `[global]
type = global
endpoint_identifier_order = ip

[transport-udp]
type = transport
protocol = udp
bind = 127.0.0.1:${port}

[media](!)
type = endpoint
disallow = all
allow = ulaw
direct_media = no
media_address = 127.0.0.1
bind_rtp_to_media_address = yes
; Hold is a re-INVITE (chan_pjsip.c, chan_pjsip_indicate).
moh_passthrough = yes

[pbx](media)
context = called

[pbx]
type = identify
endpoint = pbx
match = ${pbxHost}

[pbx]
type = aor
contact = sip:${pbxHost}:${pbxPort}
`;
}

function phone({ id, number }: PhoneAccount): string {
  return `
[${id}](media)
context = acts
aors = pbx
from_user = ${number}
outbound_auth = ${id}

[${id}]
type = auth
auth_type = userpass
username = ${number}
password = ${passwordOf(number)}
`;
}

/** A phone stays in its call until its transfer succeeds. */
const untilItSucceeds = `same => n,GotoIf($["\${TRANSFERSTATUS}" = "SUCCESS"]?done)
same => n,PlayTones(0)
same => n,Wait(3600)
same => n(done),Hangup()
`;

/**
 * A called phone reports it and waits; its user's actions redirect it. It always sends frames, even as silence. A
 * channel that is redirected between two steps misses the first new step (main/pbx.c increments the priority after the
 * redirect), so that step does nothing.
 */
const dialplan = ({ pbxHost, pbxPort }: PhonesConf) => `[called]
exten => _X.,1,UserEvent(Called,AlertInfo: \${PJSIP_HEADER(read,Alert-Info)})
same => n,Wait(3600)

[acts]
exten => ring,1,NoOp()
same => n,Ringing()
same => n,Wait(3600)

exten => silent,1,NoOp()
same => n,Answer()
same => n,PlayTones(0)
same => n,Wait(3600)

exten => speak,1,NoOp()
same => n,Answer()
same => n,PlayTones(440)
same => n,Wait(3600)

exten => hold,1,NoOp()
same => n,BridgeWait(\${UNIQUEID},participant,e(h))
same => n,Wait(3600)

exten => refer,1,NoOp()
same => n,Transfer(PJSIP/sip:\${REFER_TO}@${pbxHost}:${pbxPort})
${untilItSucceeds}
exten => connect,1,NoOp()
same => n,Transfer(PJSIP/<sip:\${REFER_TO}@${pbxHost}:${pbxPort}?Replaces=\${REPLACES}>)
${untilItSucceeds}

; 486 Busy Here
exten => busy,1,NoOp()
same => n,Hangup(17)

; 603 Decline, which is what chan_pjsip makes of any cause it has no answer for.
exten => decline,1,NoOp()
same => n,Hangup(16)
`;
