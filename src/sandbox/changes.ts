import { Problem } from "../terminal/problem.ts";

/**
 * Waits for states that events bring about. An event handler updates the state, then calls `happened`, and every waiter
 * checks again. So it does not matter whether the event comes before the wait or after.
 */
export class Changes {
  private readonly looks = new Set<() => void>();

  happened(): void {
    for (const look of this.looks) look();
  }

  /**
   * Waits until `find` returns something, up to a timeout in ms. `what` completes the message "After 5000 ms still no
   * ...".
   */
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
