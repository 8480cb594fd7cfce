/**
 * How to get pbx_lua.so: from the packages that Asterisk came from, or else built for exactly this Asterisk, which refuses a
 * module of another version or of other build options (main/loader.c).
 *
 * @param generator the program that writes this PBX's files, which then has packages of its own
 */
export function luaRemedy(generator: string | undefined, version: string, path: string): string {
  const built = `install liblua5.1-dev; in the sources of exactly ${version}, run \`./configure\`, choose pbx_lua in \`make menuselect\` and change nothing else there, run \`make\`; then copy pbx/pbx_lua.so to ${path}`;
  if (generator === undefined)
    return `Debian and Ubuntu: install the package asterisk-modules. If you built Asterisk yourself: ${built}.`;
  return `${generator} mostly comes with its own packages of Asterisk, and Debian's asterisk-modules does not fit those. Check whether they have pbx_lua (\`apt-cache search asterisk | grep -i lua\`, \`yum provides '*/pbx_lua.so'\`). If not, build it: ${built}.`;
}
