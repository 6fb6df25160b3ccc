/** Items taken before the array is cut: shifting each would cost the length of the queue every time. */
const cutEvery = 1024;

interface Waiting<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** Events on their way to one consumer; full, it makes the producer wait. */
export class EventQueue<T> {
  #items: T[] = [];
  /** Taken already; the array is cut when it is worth it. */
  #taken = 0;
  readonly #limit: number;
  #ended = false;
  #error: unknown;
  /** Calls of `next` without an answer. An iterator's caller may have several under way, a race among them. */
  readonly #waiting: Waiting<T>[] = [];
  #wakeProducer: (() => void) | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#items.length - this.#taken;
  }

  push(items: readonly T[]): void {
    if (this.#ended) return;
    for (const item of items) {
      const first = this.#waiting.shift();
      if (first === undefined) this.#items.push(item);
      else first.resolve({ value: item, done: false });
    }
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
    for (const waiting of this.#waiting.splice(0)) this.#finish(waiting);
    this.#wakeProducer?.();
  }

  clear(): void {
    this.#items = [];
    this.#taken = 0;
    this.#wakeProducer?.();
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return new Promise((resolve, reject) => {
      if (this.length > 0) resolve({ value: this.#take(), done: false });
      else if (this.#ended) this.#finish({ resolve, reject });
      else this.#waiting.push({ resolve, reject });
    });
  }

  #take(): T {
    const value = this.#items[this.#taken] as T;
    this.#taken += 1;
    if (this.#taken >= cutEvery) this.#cut();
    if (this.length < this.#limit) this.#wakeProducer?.();
    return value;
  }

  #cut(): void {
    this.#items = this.#items.slice(this.#taken);
    this.#taken = 0;
  }

  /** The first to ask after the end gets the error, all later ones the end. */
  #finish({ resolve, reject }: Waiting<T>): void {
    const error = this.#error;
    this.#error = undefined;
    if (error === undefined) resolve({ value: undefined, done: true });
    else reject(error);
  }
}
