import { deviceOf } from "../../../asterisk/technologies.ts";
import { few } from "../../../terminal/few.ts";
import { transferEndpoints } from "../../plan/endpoint-files.ts";
import { survey } from "../../preflight/survey.ts";
import { fail, pass, warn } from "../../verdict.ts";
import { type Fact, reinstall } from "../evidence.ts";

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
        "Name all who take part: `asterisk-smart-transfer install --extensions LIST`; with `auto` for LIST it follows this PBX from then on.",
      );
    },
  },
];
