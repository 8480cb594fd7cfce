/** How an endpoint is added to in a file of our own. */
export interface Form {
  /** The file that it stands in. */
  readonly conf: string;
  /** Behind the name of a section: adds to one that is there. */
  readonly addition: string;
  /** The option that gives an endpoint's channels a variable. */
  readonly variable: string;
}

/** A channel driver whose endpoints can get the key: what it calls things. */
export interface Technology extends Form {
  /** What its devices begin with: PJSIP/101. */
  readonly name: "PJSIP" | "SIP";
  /** The driver itself, and other modules that the dialplan needs beside it. */
  readonly driver: string;
  readonly beside: readonly string[];
  /** One that it knows, in its own word. */
  readonly noun: string;
  /** Where what makes an endpoint of few lines has a file of its own: one cannot be added to from anywhere else. */
  readonly wizard?: Form;
  /** The CLI command that shows one, and how it lists a variable there. */
  readonly show: string;
  readonly shown: (variable: string) => RegExp;
}

export const technologies: readonly Technology[] = [
  {
    name: "PJSIP",
    conf: "pjsip.conf",
    driver: "chan_pjsip.so",
    beside: ["res_pjsip_header_funcs.so"],
    noun: "endpoint",
    addition: "(+type=endpoint)",
    variable: "set_var",
    // res_pjsip_config_wizard.c: `endpoint/` before an option hands it to the endpoint.
    wizard: { conf: "pjsip_wizard.conf", addition: "(+type=wizard)", variable: "endpoint/set_var" },
    show: "pjsip show endpoint",
    // By the variable's own name (res_pjsip/pjsip_configuration.c).
    shown: (variable) => new RegExp(`^\\s*${variable}\\s*:\\s*(\\S*)`, "m"),
  },
  {
    // Until Asterisk 20.
    name: "SIP",
    conf: "sip.conf",
    driver: "chan_sip.so",
    beside: [],
    noun: "peer",
    addition: "(+)",
    variable: "setvar",
    show: "sip show peer",
    shown: (variable) => new RegExp(`^\\s*${variable} = (\\S*)`, "m"),
  },
];

/** An endpoint: what a device of such a technology names. */
export interface Endpoint {
  readonly technology: Technology;
  readonly name: string;
}

/** `undefined` for a device of any other driver. */
export function endpointOf(device: string): Endpoint | undefined {
  const slash = device.indexOf("/");
  const technology = technologies.find(({ name }) => name === device.slice(0, slash));
  return technology && { technology, name: device.slice(slash + 1) };
}

/** PJSIP endpoint 101 */
export function inWords({ technology, name }: Endpoint): string {
  return `${technology.name} ${technology.noun} ${name}`;
}

export function deviceOf({ technology, name }: Endpoint): string {
  return `${technology.name}/${name}`;
}

/** Every way in which an endpoint can be added to. */
export const forms: readonly Form[] = technologies.flatMap((one) => (one.wizard ? [one, one.wizard] : [one]));
