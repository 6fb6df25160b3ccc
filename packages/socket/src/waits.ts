import { Deadline } from './deadline.js';
import { RequestTimeoutError } from './errors.js';
import type { Limits } from './limits.js';

/** A promise that is owed: settled by its owner, its limits, or the end of everything; once. */
export interface Wait<T> {
  readonly settled: boolean;
  readonly deadline: Deadline;
  resolve(value: T): void;
  reject(error: unknown): void;
}

export interface WaitOptions {
  /** What was attempted, for messages. */
  readonly op: string;
  readonly limits: Limits;
  /** Runs once, when the wait is settled in whatever way. */
  readonly onSettled?: () => void;
}

/** All promises that one client owes, so that closing it leaves none behind. */
export class Waits {
  readonly #open = new Set<Wait<never>>();
  #closed: { readonly error: unknown } | undefined;

  /**
   * Calls `start` at once with a new wait. Timer and listener are set up only when it is still open
   * then: the kernel has mostly answered inside send().
   */
  start<T>(options: WaitOptions, start: (wait: Wait<T>) => void): Promise<T> {
    const { signal } = options.limits;
    if (this.#closed !== undefined || signal?.aborted) {
      options.onSettled?.();
      return Promise.reject(this.#closed === undefined ? signal?.reason : this.#closed.error);
    }
    return new Promise<T>((resolve, reject) => {
      const wait = new OpenWait<T>(resolve, reject, options);
      start(wait);
      if (wait.settled) return;
      this.#open.add(wait as Wait<never>);
      wait.release = this.#arm(wait, options);
    });
  }

  /** Resolves after `ms`. */
  sleep(ms: number, options: WaitOptions): Promise<void> {
    let timer: NodeJS.Timeout;
    const onSettled = () => clearTimeout(timer);
    return this.start<void>({ ...options, onSettled }, (wait) => {
      timer = setTimeout(() => wait.resolve(), ms);
    });
  }

  /** Rejects what is owed, and what would be from now on: a retry must not begin another pause. */
  close(error: unknown): void {
    this.#closed ??= { error };
    for (const wait of [...this.#open]) wait.reject(error);
  }

  #arm<T>(wait: OpenWait<T>, { limits }: WaitOptions): () => void {
    const { signal } = limits;
    const abort = () => wait.reject(signal?.reason);
    wait.deadline.begin();
    signal?.addEventListener('abort', abort, { once: true });
    return () => {
      wait.deadline.end();
      signal?.removeEventListener('abort', abort);
      this.#open.delete(wait as Wait<never>);
    };
  }
}

class OpenWait<T> implements Wait<T> {
  settled = false;
  readonly deadline: Deadline;
  release: (() => void) | undefined;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;
  readonly #onSettled: (() => void) | undefined;

  constructor(
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
    { op, limits, onSettled }: WaitOptions,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#onSettled = onSettled;
    const expire = () => this.reject(new RequestTimeoutError(op, limits.timeoutMs));
    this.deadline = new Deadline(limits, expire);
  }

  resolve(value: T): void {
    if (this.#settle()) this.#resolve(value);
  }

  reject(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  #settle(): boolean {
    if (this.settled) return false;
    this.settled = true;
    this.release?.();
    this.#onSettled?.();
    return true;
  }
}
