import type { Wait, WaitOptions, Waits } from './waits.js';

/** Lets one through at a time, in order: a socket runs one dump at a time (K23). */
export class Turnstile {
  readonly #waits: Waits;
  readonly #queue: Wait<void>[] = [];
  #busy = false;

  constructor(waits: Waits) {
    this.#waits = waits;
  }

  /** Resolves when it is our turn; whoever got a turn must `leave`. */
  enter(options: WaitOptions): Promise<void> {
    return this.#waits.start<void>(options, (wait) => {
      if (this.#busy) {
        this.#queue.push(wait);
        return;
      }
      this.#busy = true;
      wait.resolve();
    });
  }

  leave(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (next.settled) continue; // gave up while it waited
      next.resolve();
      return;
    }
    this.#busy = false;
  }
}
