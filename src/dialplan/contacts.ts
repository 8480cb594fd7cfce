import { split } from "./settings";

/**
 * The Dial argument that rings all phones of an endpoint; empty if none is registered. PJSIP/101 alone rings only one
 * of them.
 *
 * Phones choose their contact, and PJSIP_DIAL_CONTACTS returns it unchanged. So it is checked for characters that Dial
 * interprets: `<sip:x&PJSIP/trunk/sip:...>` would call out, and a comma, quote or bracket would change Dial's timeout
 * and options (main/app.c, __ast_app_separate_args). If one contact is unsafe, we ring the endpoint by name, and Dial
 * never sees the contact.
 */
export function allPhones(endpoint: string): string {
  const contacts = channel.PJSIP_DIAL_CONTACTS(endpoint).get() ?? "";
  if (contacts === "") return "";
  for (const contact of split(contacts, "&")) {
    if (!isContactOf(endpoint, contact)) {
      app.Log(
        "WARNING",
        `smart-transfer: PJSIP/${endpoint} has a contact that is not a plain SIP address: ringing one phone only`,
      );
      return `PJSIP/${endpoint}`;
    }
  }
  return contacts;
}

/** The characters of a SIP address that Dial does not interpret. Brackets are only allowed around an IPv6 address. */
const plain = "^sips?:[A-Za-z0-9%%@:;=.+~*!'_?/-]+$";

function isContactOf(endpoint: string, contact: string): boolean {
  const prefix = `PJSIP/${endpoint}/`;
  if (string.sub(contact, 1, prefix.length) !== prefix) return false;
  const [address] = string.gsub(string.sub(contact, prefix.length + 1), "%[[0-9A-Fa-f:.]+%]", "6");
  return string.match(address, plain)[0] !== undefined;
}
