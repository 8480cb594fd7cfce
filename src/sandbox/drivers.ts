/** A person with a phone at the PBX. */
export interface Person {
  readonly number: string;
  readonly name: string;
  readonly password: string;
}

interface Company {
  /** The address of the PBX and its UDP port for SIP. */
  readonly host: string;
  readonly port: number;
  readonly language: string;
  readonly people: readonly Person[];
}

/** How a channel driver serves the phones. */
interface Driver {
  readonly conf: string;
  /** The administrator's configuration for it, appended to the sample. */
  readonly configuration: (company: Company) => string;
  /** The modules of the other driver, which are not loaded. */
  readonly otherModules: RegExp;
  /** The CLI command that shows a person's phones, and how its output looks with an address and with none. */
  readonly show: string;
  readonly contacts: (shown: string, number: string) => string[];
  readonly isOff: (shown: string) => boolean;
}

export const drivers = {
  PJSIP: {
    conf: "pjsip.conf",
    configuration: (company) => pjsipBase(company) + company.people.map(pjsipPerson).join(""),
    otherModules: /^chan_sip\.so$/,
    show: "pjsip show endpoint",
    contacts: (shown) => [...shown.matchAll(/^ +Contact: +\d+\/(sip:\S+)/gm)].map(([, contact = ""]) => contact),
    isOff: (shown) => /^ Endpoint: .* Unavailable/m.test(shown),
  },
  // Exists up to Asterisk 20.
  SIP: {
    conf: "sip.conf",
    configuration: (company) => sipBase(company) + company.people.map(sipPerson).join(""),
    otherModules: /^(chan_pjsip|(res|func)_pjsip.*)\.so$/,
    show: "sip show peer",
    contacts: (shown, number) =>
      [...shown.matchAll(/^ +Addr->IP +: ([\d.:]+)$/gm)].map(([, at]) => `sip:${number}@${at}`),
    isOff: (shown) => /^ +Addr->IP +: \(null\)/m.test(shown),
  },
} as const satisfies Record<string, Driver>;
export type DriverName = keyof typeof drivers;

function pjsipBase({ host, port, language }: Company): string {
  // Without media_address Asterisk resolves its own host name in every call, which takes seconds if DNS does not
  // answer.
  return `[transport-udp]
type = transport
protocol = udp
bind = ${host}:${port}

[phone](!)
type = endpoint
context = internal
language = ${language}
disallow = all
allow = ulaw,alaw
direct_media = no
media_address = ${host}
bind_rtp_to_media_address = yes

[phone-auth](!)
type = auth
auth_type = userpass

[phone-aor](!)
type = aor
max_contacts = 5
`;
}

function pjsipPerson({ number, name, password }: Person): string {
  return `
[${number}](phone)
auth = ${number}
aors = ${number}
callerid = "${name}" <${number}>

[${number}](phone-auth)
username = ${number}
password = ${password}

[${number}](phone-aor)
`;
}

function sipBase({ host, port, language }: Company): string {
  return `[general](+)
udpbindaddr = ${host}:${port}
callcounter = yes

[phone](!)
type = friend
host = dynamic
nat = no
context = internal
language = ${language}
disallow = all
allow = ulaw,alaw
directmedia = no
`;
}

function sipPerson({ number, name, password }: Person): string {
  return `
[${number}](phone)
secret = ${password}
callerid = "${name}" <${number}>
`;
}
