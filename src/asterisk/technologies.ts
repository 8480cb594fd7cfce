/** How to extend an endpoint in a file of our own. */
export interface Form {
  /** The file that defines it. */
  readonly conf: string;
  /** The suffix of a section header that extends an existing section. */
  readonly addition: string;
  /** The option that sets a variable on the endpoint's channels. */
  readonly variable: string;
}

/** A channel driver whose endpoints can get the key, and the words it uses. */
export interface Technology extends Form {
  /** The prefix of its devices, as in PJSIP/101. */
  readonly name: "PJSIP" | "SIP";
  /** The driver's module, and other modules that the dialplan needs with it. */
  readonly driver: string;
  readonly beside: readonly string[];
  /** The driver's own word for an endpoint. */
  readonly noun: string;
  /** The driver's wizard file. Its endpoints can only be extended there. */
  readonly wizard?: Form;
  /** The CLI command that shows an endpoint, and how its output lists a variable. */
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
    // With the prefix `endpoint/`, the wizard passes an option to the endpoint (res_pjsip_config_wizard.c).
    wizard: { conf: "pjsip_wizard.conf", addition: "(+type=wizard)", variable: "endpoint/set_var" },
    show: "pjsip show endpoint",
    // Listed under the variable's own name (res_pjsip/pjsip_configuration.c).
    shown: (variable) => new RegExp(`^\\s*${variable}\\s*:\\s*(\\S*)`, "m"),
  },
  {
    // Exists up to Asterisk 20.
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

/** A device of a known technology, split into its parts. */
export interface Endpoint {
  readonly technology: Technology;
  readonly name: string;
}

/** Splits a device name. `undefined` if its driver is none of ours. */
export function endpointOf(device: string): Endpoint | undefined {
  const slash = device.indexOf("/");
  const technology = technologies.find(({ name }) => name === device.slice(0, slash));
  return technology && { technology, name: device.slice(slash + 1) };
}

/** Describes an endpoint: "PJSIP endpoint 101". */
export function endpointInWords({ technology, name }: Endpoint): string {
  return `${technology.name} ${technology.noun} ${name}`;
}

export function deviceOf({ technology, name }: Endpoint): string {
  return `${technology.name}/${name}`;
}

/** All ways to extend an endpoint. */
export const forms: readonly Form[] = technologies.flatMap((one) => (one.wizard ? [one, one.wizard] : [one]));
