import { Problem } from "../errors.ts";

/**
 * Waits for what events bring about. Events change what is known and then call `happened`; whoever waits looks again.
 * So a thing is found whether it comes before one waits for it or after.
 */
export class Changes {
  private readonly looks = new Set<() => void>();

  happened(): void {
    for (const look of this.looks) look();
  }

  /** Waits until `find` finds something, up to some milliseconds. `what` ends the sentence "After 5000 ms still no ...". */
  until<T>(find: () => T | undefined | false, milliseconds: number, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found === undefined || found === false) return;
        done();
        resolve(found);
      };
      const done = () => {
        clearTimeout(timer);
        this.looks.delete(look);
      };
      const timer = setTimeout(() => {
        done();
        reject(
          new Problem(`After ${milliseconds} ms still no ${what}.`, "The logs of the PBX and of the phones tell more."),
        );
      }, milliseconds);
      this.looks.add(look);
      look();
    });
  }
}
