import type { Limits } from './limits.js';

/**
 * The clock of one wait. It blames only whoever is waited for: it stands still while we do not listen,
 * and an answer that has come meanwhile is read before the time is called up.
 */
export class Deadline {
  readonly #timeoutMs: number;
  #expiresAtMs: number;
  readonly #expire: () => void;
  #running = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #lastLook: NodeJS.Immediate | undefined;

  constructor({ timeoutMs, expiresAtMs }: Limits, expire: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#expiresAtMs = expiresAtMs;
    this.#expire = expire;
  }

  /** Sets the timer, which also keeps the process alive while an answer is outstanding. */
  begin(): void {
    this.#running = true;
    this.#arm();
  }

  /** Stands still; before `begin` too, for the kernel mostly answers inside send(). */
  stop(): void {
    this.#stopped = true;
    this.#clear();
  }

  /** After `stop`: runs again, with the whole time. */
  start(): void {
    this.#stopped = false;
    this.postpone();
    this.#arm();
  }

  /** A sign of life: the whole time from now. Cheap, for the timer looks only when it fires. */
  postpone(): void {
    this.#expiresAtMs = performance.now() + this.#timeoutMs;
  }

  /** For good. */
  end(): void {
    this.#running = false;
    this.#clear();
  }

  #arm(): void {
    this.#clear();
    const leftMs = Math.max(0, this.#expiresAtMs - performance.now());
    if (!this.#running || this.#stopped || leftMs === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#fired(), Math.ceil(leftMs));
  }

  /** The loop may have been blocked for long: it reads sockets once more before immediates run. */
  #fired(): void {
    this.#lastLook = setImmediate(() => {
      if (this.#expiresAtMs > performance.now()) this.#arm();
      else this.#expire();
    });
  }

  #clear(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#lastLook);
  }
}
