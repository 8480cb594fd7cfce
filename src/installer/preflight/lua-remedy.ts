/**
 * How to get pbx_lua.so: from the packages that Asterisk came from, or else built for exactly this Asterisk, which refuses a
 * module of another version or of other build options (main/loader.c).
 *
 * @param generator the program that writes this PBX's files, which then has packages of its own
 */
export function luaRemedy(generator: string | undefined, version: string, path: string): string {
  const built = `the sources of exactly ${version}, liblua5.1-dev, \`./configure\`, pbx_lua in \`make menuselect\` with all else as it was, \`make\`; then copy pbx/pbx_lua.so to ${path}`;
  if (generator === undefined)
    return `Debian and Ubuntu: install the package asterisk-modules. A build of your own: ${built}.`;
  return `${generator} mostly comes with an Asterisk in packages of its own; Debian's asterisk-modules does not fit that one. See whether they have pbx_lua (\`apt-cache search asterisk | grep -i lua\`, \`yum provides '*/pbx_lua.so'\`). Else build it: ${built}.`;
}
