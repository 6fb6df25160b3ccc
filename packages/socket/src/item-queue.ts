/** What a bounded queue tells its producer. */
export interface Flow {
  /** Items at which the producer should stop. */
  readonly limit: number;
  /** The queue holds `limit` items or more. */
  onFull(): void;
  /** After onFull: half of it has been taken. */
  onLow(): void;
}

/**
 * Items from a producer that cannot wait to a consumer that awaits them one by one. Pushing past the
 * limit is possible: a producer hands over the rest of its batch after `onFull`.
 */
export class ItemQueue<T> {
  readonly #flow: Flow;
  #items: T[] = [];
  #head = 0;
  #full = false;
  #ended = false;
  #error: unknown;
  readonly #takers: Taker<T>[] = [];

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  get ended(): boolean {
    return this.#ended;
  }

  push(item: T): void {
    if (this.#ended) return;
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      taker.resolve({ value: item, done: false });
      return;
    }
    this.#items.push(item);
    if (this.#full || this.length < this.#flow.limit) return;
    this.#full = true;
    this.#flow.onFull();
  }

  /** The next item, in order; calls may overlap. What was queued before the end still comes. */
  next(): Promise<IteratorResult<T, undefined>> {
    if (this.length > 0) return Promise.resolve({ value: this.#take(), done: false });
    if (!this.#ended) {
      return new Promise((resolve, reject) => {
        this.#takers.push({ resolve, reject });
      });
    }
    const error = this.#error;
    this.#error = undefined; // an iterator throws once, then is done
    return error === undefined
      ? Promise.resolve({ value: undefined, done: true })
      : Promise.reject(error);
  }

  /** No more items; with an error, the consumer gets it after what is queued. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    for (const taker of this.#takers.splice(0)) {
      if (this.#error === undefined) taker.resolve({ value: undefined, done: true });
      else taker.reject(this.#error);
      this.#error = undefined;
    }
  }

  /** Forgets what is queued. */
  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  #take(): T {
    const item = this.#items[this.#head] as T;
    this.#items[this.#head] = undefined as T; // the queue must not keep it alive
    this.#head += 1;
    this.#compact();
    if (this.#full && this.length <= this.#flow.limit / 2) {
      this.#full = false;
      this.#flow.onLow();
    }
    return item;
  }

  /** Drops the taken part once it is the larger one: constant cost an item. */
  #compact(): void {
    if (this.#head * 2 < this.#items.length) return;
    if (this.length === 0) this.#items.length = 0;
    else this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}

interface Taker<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}
