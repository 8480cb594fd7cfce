import { deviceOf } from "../../../asterisk/technologies.ts";
import { few } from "../../../terminal/few.ts";
import { transferEndpoints } from "../../plan/endpoint-files.ts";
import { survey } from "../../preflight/survey.ts";
import { atHome } from "../../settings/model.ts";
import { filledIn } from "../../settings/template.ts";
import { fail, pass, type Verdict, warn } from "../../verdict.ts";
import { type Evidence, type Fact, reinstall } from "../evidence.ts";
import { missingPlaces } from "./places.ts";

/** Whether the directory is still that of the PBX, whose extensions come and go. */
export const directoryFacts: readonly Fact[] = [
  {
    id: "directory",
    live: true,
    async look({ cli, asterisk, settings }) {
      if (cli === undefined) return { status: "skipped", seen: "offline" };
      const { devices, residents } = await survey(cli, Promise.resolve(asterisk?.modules));
      const gone = transferEndpoints(settings)
        .map(deviceOf)
        .filter((device) => !devices.has(device));
      if (gone.length > 0)
        return fail(`gone from this PBX: ${few(gone)}`, `${reinstall} It takes them out of the directory.`);
      const listed = new Set(settings.directory.flatMap(({ device }) => device.split("&")));
      const come = residents
        .filter(({ device }) => !device.split("&").some((one) => listed.has(one)))
        .map(({ extension }) => extension);
      if (come.length === 0) return pass(`${settings.directory.length} extensions`);
      const seen = `not in the directory: ${few(come)}`;
      if (settings.general.extensions === "auto") return warn(seen, reinstall);
      return warn(
        seen,
        "Name all who take part: `asterisk-smart-transfer install --extensions LIST`. With `auto` for LIST, the directory follows this PBX from then on.",
      );
    },
  },
  { id: "dial", live: true, look: dial },
];

/** A Local channel to an extension outside the dialplan rings nobody: each transfer to it comes back at once. */
async function dial({ cli, settings }: Evidence): Promise<Verdict> {
  const locals = atHome(settings).flatMap(({ extension, dial: own }) =>
    filledIn(own || settings.general.dial, extension)
      .split("&")
      .flatMap((one) => /^Local\/([^/]+@[^/]+)/.exec(one)?.[1] ?? []),
  );
  if (locals.length === 0) return pass("extensions ring by their devices");
  const { looked, missing } = await missingPlaces({ cli }, locals);
  if (missing.length === 0) return pass(`${locals.length} extensions ring through the dialplan`);
  const seen = `not in the dialplan: ${few(missing)}`;
  if (missing.length < looked.length)
    return warn(seen, "Nothing rings there. Give each a `dial` of its own in smart_transfer.conf, such as PJSIP/101.");
  return fail(seen, "Correct `dial` in smart_transfer.conf, or empty it: then extensions ring by their devices.");
}
