import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { editedDocument } from "../../installer/settings/document.ts";
import { passwordOf } from "../../sandbox/pbx.ts";
import { sendRegister } from "../../sandbox/register.ts";
import { usual } from "./in-force.ts";
import type { Site } from "./site.ts";
import type { Happening } from "./story.ts";
import type { Watch } from "./watch.ts";

/** Plays what happens beside the calls: to phones, to the settings, to the PBX. */
export class Admin {
  private editing = Promise.resolve();

  constructor(
    private readonly site: Site,
    private readonly watch: Watch,
  ) {}

  /** Resolves when it is over. */
  async happen(happening: Happening): Promise<void> {
    switch (happening.does) {
      case "goes offline":
        await this.goesOffline(happening.who, happening.for);
        break;
      case "edits":
        await this.edit(happening.name, happening.value);
        await sleep(happening.for);
        await this.edit(happening.name, usual(happening.name));
        break;
      case "reloads":
        await this.site.pbx.cli(`module reload ${happening.module}`);
        break;
      case "runs":
        await this.site.run(happening.command, ...(happening.command === "install" ? ["--yes"] : []));
        break;
    }
  }

  private async goesOffline(party: string, time: number): Promise<void> {
    await this.register(party, false);
    this.watch.tell({ at: Date.now(), what: "offline", party });
    await sleep(time);
    this.watch.tell({ at: Date.now(), what: "online", party });
    await this.register(party, true);
  }

  /** A phone that is in a call goes on to talk, registered or not. */
  private async register(number: string, wanted: boolean): Promise<void> {
    const { pbx, phonesPort } = this.site;
    const contact = `sip:${number}@127.0.0.1:${phonesPort}`;
    await sendRegister({
      pbxPort: pbx.port,
      number,
      password: passwordOf(number),
      contact,
      expires: wanted ? 3600 : 0,
    });
  }

  /** One edit at a time: the second of two that read the same text would undo the first. */
  private edit(name: string, value: string): Promise<void> {
    this.editing = this.editing.then(() => this.write(name, value));
    return this.editing;
  }

  /** Writes as an editor does, a new file and then its rename: a file that is written in place is empty for a moment. */
  private async write(name: string, value: string): Promise<void> {
    const file = join(this.site.pbx.etcDir, "smart_transfer.conf");
    const text = await readFile(file, "latin1");
    await writeFile(`${file}.new`, editedDocument(text, { general: { [name]: value } }), "latin1");
    await rename(`${file}.new`, file);
    this.watch.tell({ at: Date.now(), what: "edits", name, value });
  }
}
