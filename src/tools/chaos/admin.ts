import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { editedDocument } from "../../installer/settings/document.ts";
import { generalRows } from "../../installer/settings/prompt-settings.ts";
import { passwordOf } from "../../sandbox/pbx.ts";
import { sendRegister } from "../../sandbox/register.ts";
import { settings } from "./cast.ts";
import type { Site } from "./site.ts";
import type { Happening } from "./story.ts";
import type { Watch } from "./watch.ts";

/** What happens beside the calls: to phones, to the settings, to the PBX. Resolves when it is over. */
export async function happen(happening: Happening, site: Site, watch: Watch): Promise<void> {
  switch (happening.does) {
    case "goes offline": {
      const party = happening.who;
      await register(site, party, false);
      watch.tell({ at: Date.now(), what: "offline", party });
      await sleep(happening.for);
      watch.tell({ at: Date.now(), what: "online", party });
      await register(site, party, true);
      break;
    }
    case "edits":
      await edit(site, watch, happening.name, happening.value);
      await sleep(happening.for);
      await edit(site, watch, happening.name, usual(happening.name));
      break;
    case "reloads":
      await site.pbx.cli(`module reload ${happening.module}`);
      break;
    case "runs":
      await site.run(happening.command, ...(happening.command === "install" ? ["--yes"] : []));
      break;
  }
}

const attempts = 5;

/** Whether or not the phone is in a call just now, in which a phone goes on to talk. */
async function register({ pbx, phonesPort }: Site, number: string, wanted: boolean): Promise<void> {
  const contact = `sip:${number}@127.0.0.1:${phonesPort}`;
  const registration = { pbxPort: pbx.port, number, password: passwordOf(number), contact };
  for (let turn = 1; ; turn++) {
    try {
      return await sendRegister({ ...registration, expires: wanted ? 3600 : 0 });
    } catch (error) {
      // A datagram may be lost, and a PBX that reloads is slow.
      if (turn === attempts) throw error;
    }
  }
}

function usual(name: string): string {
  return settings[name] ?? generalRows.find((row) => row.name === name)?.default ?? "";
}

async function edit({ pbx }: Site, watch: Watch, name: string, value: string): Promise<void> {
  const file = join(pbx.etcDir, "smart_transfer.conf");
  const text = await readFile(file, "latin1");
  await writeFile(file, editedDocument(text, { general: { [name]: value } }), "latin1");
  watch.tell({ at: Date.now(), what: "edits", name, value });
}
