/** Items taken before the array is cut: shifting each would cost the length of the queue every time. */
const cutEvery = 1024;

/** Events on their way to one consumer; full, it makes the producer wait. */
export class EventQueue<T> {
  #items: T[] = [];
  /** Taken already; the array is cut when it is worth it. */
  #taken = 0;
  readonly #limit: number;
  #ended = false;
  #error: unknown;
  #wakeConsumer: (() => void) | undefined;
  #wakeProducer: (() => void) | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#items.length - this.#taken;
  }

  push(items: readonly T[]): void {
    if (this.#ended || items.length === 0) return;
    for (const item of items) this.#items.push(item);
    this.#wakeConsumer?.();
  }

  /** Resolves when there is room again. One push may go past the limit; the next waits. */
  async room(): Promise<void> {
    while (this.length >= this.#limit && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wakeProducer = resolve;
      });
    }
  }

  /** Ends the stream: what is queued is still delivered, then the error is thrown if there is one. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wakeConsumer?.();
    this.#wakeProducer?.();
  }

  clear(): void {
    this.#items = [];
    this.#taken = 0;
    this.#wakeProducer?.();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    while (this.length === 0) {
      if (this.#ended) return this.#finish();
      await new Promise<void>((resolve) => {
        this.#wakeConsumer = resolve;
      });
    }
    const value = this.#items[this.#taken] as T;
    this.#taken += 1;
    if (this.#taken >= cutEvery) this.#cut();
    if (this.length < this.#limit) this.#wakeProducer?.();
    return { value, done: false };
  }

  #cut(): void {
    this.#items = this.#items.slice(this.#taken);
    this.#taken = 0;
  }

  #finish(): IteratorResult<T, undefined> {
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error;
    return { value: undefined, done: true };
  }
}
