import { split } from "./settings";

/**
 * What rings all phones of an endpoint; empty when none is registered. PJSIP/101 alone rings one of them.
 *
 * A phone chooses its contact itself, and PJSIP_DIAL_CONTACTS hands it out as it is, so it is held against what Dial takes
 * apart: `<sip:x&PJSIP/trunk/sip:...>` would call out, and a comma, quote or bracket change Dial's timeout and options
 * (main/app.c, __ast_app_separate_args). One such contact, and the endpoint itself is rung: Dial then sees no contact at all.
 */
export function allPhones(endpoint: string): string {
  const contacts = channel.PJSIP_DIAL_CONTACTS(endpoint).get() ?? "";
  if (contacts === "") return "";
  for (const contact of split(contacts, "&")) {
    if (!isContactOf(endpoint, contact)) {
      app.Log(
        "WARNING",
        `smart-transfer: PJSIP/${endpoint} has a contact that is no plain SIP address: one phone is rung`,
      );
      return `PJSIP/${endpoint}`;
    }
  }
  return contacts;
}

/** What a SIP address may hold and Dial leaves alone; brackets only around an address of IPv6. */
const plain = "^sips?:[A-Za-z0-9%%@:;=.+~*!'_?/-]+$";

function isContactOf(endpoint: string, contact: string): boolean {
  const prefix = `PJSIP/${endpoint}/`;
  if (string.sub(contact, 1, prefix.length) !== prefix) return false;
  const [address] = string.gsub(string.sub(contact, prefix.length + 1), "%[[0-9A-Fa-f:.]+%]", "6");
  return string.match(address, plain)[0] !== undefined;
}
