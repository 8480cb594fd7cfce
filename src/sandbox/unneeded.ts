/**
 * Modules that a small company's PBX does not need. The sample configuration loads everything; these open fixed ports,
 * which only one Asterisk per machine can have, or log errors about a missing database, key or device.
 */
export const unneeded = [
  // Channels and protocols with fixed ports.
  "chan_iax2 chan_unistim chan_mgcp chan_skinny chan_ooh323 chan_dahdi chan_mobile chan_motif",
  "pbx_dundi res_xmpp res_corosync res_snmp res_prometheus",
  "res_hep res_hep_pjsip res_hep_rtcp res_stir_shaken res_pjsip_stir_shaken res_phoneprov res_pjsip_phoneprov_provider",
  // Databases and records.
  "res_config_ldap res_config_pgsql res_config_odbc app_voicemail_odbc app_voicemail_imap",
  "cdr_pgsql cdr_radius cdr_tds cdr_odbc cdr_adaptive_odbc cdr_custom cdr_sqlite3_custom",
  "cel_pgsql cel_radius cel_tds cel_odbc cel_custom cel_sqlite3_custom",
  // Modules whose samples refer to missing files, and deprecated modules.
  "res_geolocation res_pjsip_geolocation pbx_ael res_smdi res_adsi app_adsiprog app_getcpeid app_nbscat app_ices app_image app_url res_monitor app_macro",
]
  .flatMap((line) => line.split(" "))
  .map((name) => `${name}.so`);

/** The lines for modules.conf. Asterisk silently ignores modules that it does not have. */
export function noload(modules: readonly string[]): string {
  return modules.map((name) => `noload => ${name}\n`).join("");
}
