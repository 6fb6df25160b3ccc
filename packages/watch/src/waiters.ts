import type { AbortSignalLike } from './abort.js';
import type { LinkState } from './link.js';

type Links = readonly LinkState[];
type Predicate = (links: Links) => boolean;

interface Waiter {
  readonly predicate: Predicate;
  readonly resolve: (links: Links) => void;
  readonly reject: (error: unknown) => void;
}

/** Those who wait for a state of the links. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Settles when `tell` is called with links as wanted, at an abort, or at `rejectAll`. */
  add(predicate: Predicate, signal: AbortSignalLike | undefined): Promise<Links> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const onAbort = (): void => waiter.reject(signal?.reason);
      const leave = (): void => {
        this.#waiting.delete(waiter);
        signal?.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        predicate,
        resolve: (links) => {
          leave();
          resolve(links);
        },
        reject: (error) => {
          leave();
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort);
      this.#waiting.add(waiter);
    });
  }

  tell(links: Links): void {
    for (const waiter of [...this.#waiting]) {
      try {
        if (waiter.predicate(links)) waiter.resolve(links);
      } catch (error) {
        waiter.reject(error);
      }
    }
  }

  rejectAll(error: unknown): void {
    for (const waiter of [...this.#waiting]) waiter.reject(error);
  }
}
