import {
  type DecodedMessage,
  DecodeError,
  decodeAt,
  type Families,
  NLMSG_MIN_TYPE,
  NLMSG_OVERRUN,
  nlmsgAlign,
  type Source,
  sourceOf,
} from '@lw/codec';
import {
  type DatagramBatch,
  DETAIL,
  FLAG_OVERRUN,
  FLAG_TRUNCATED,
  FLAGS,
  GROUP,
  LENGTH,
  NSID,
  OFFSET,
  recordColumns,
} from './datagram-batch.js';
import { ItemQueue } from './item-queue.js';
import { eachMessage, type MessageAt } from './message-walk.js';
import type { Transport, TransportOptions, TransportStats } from './transport.js';

/** Items kept for a consumer that is slow; beyond it messages wait in the kernel's own buffer. */
const defaultQueueLimit = 4096;

/** A notification. */
export interface MessageItem {
  readonly kind: 'message';
  readonly type: number;
  readonly flags: number;
  /** Of the header: the sequence number of the request that caused this, 0 mostly. */
  readonly seq: number;
  /** Of the header: the writer, whose request caused this; 0 for the kernel itself (K24). */
  readonly portId: number;
  readonly group?: number;
  /** Of another namespace (K33). */
  readonly nsid?: number;
  readonly message: DecodedMessage;
  /** Attributes that could not be read: raw in the message. One bad attribute loses no other. */
  readonly problems?: readonly DecodeError[];
}

/** What a subscription yields, in the order of the kernel's queue. */
export type SubscriptionItem =
  | MessageItem
  /**
   * Messages were lost here (K18); older ones may still follow. `dropped` counts those lost since the
   * last such item, as far as the kernel has said by now.
   */
  | { readonly kind: 'overrun'; readonly dropped?: number }
  /** All that the kernel had queued when mark(token) was called stands before this. */
  | { readonly kind: 'mark'; readonly token: number }
  /** A copy of bytes that hold no message of a known type, and why. */
  | { readonly kind: 'undecodable'; readonly error: DecodeError; readonly bytes: Uint8Array };

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export interface SubscribeOptions extends Omit<TransportOptions, 'groups'> {
  /** What the messages are decoded with; default: the client's families. */
  readonly families?: Families;
  /** Items to hold for a slow consumer before reading pauses; default 4096. */
  readonly queueLimit?: number;
  /** Ends the subscription; the iteration throws the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface SubscriptionStats extends TransportStats {
  /** Messages and attributes that did not decode. */
  readonly decodeErrors: number;
  /** Items that wait for the consumer. */
  readonly queued: number;
}

/** Multicast groups as an endless iteration; see {@link SubscriptionItem}. One consumer. */
export class Subscription implements AsyncIterableIterator<SubscriptionItem, undefined> {
  readonly #transport: Transport;
  readonly #families: Families;
  readonly #items: ItemQueue<SubscriptionItem>;
  readonly #onClosed: (subscription: Subscription) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#end(this.#signal?.reason);
  #source: Source = sourceOf(new Uint8Array(0));
  #decodeErrors = 0;
  #dropped = 0;

  constructor(
    transport: Transport,
    options: SubscribeOptions & { readonly families: Families },
    onClosed: (subscription: Subscription) => void,
  ) {
    this.#transport = transport;
    this.#families = options.families;
    this.#onClosed = onClosed;
    this.#items = new ItemQueue({
      limit: options.queueLimit ?? defaultQueueLimit,
      onFull: () => transport.pause(),
      onLow: () => transport.resume(),
    });
    this.#signal = options.signal;
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
    transport.start({
      receive: (batch) => this.#receive(batch),
      failed: (error) => this.#end(error),
    });
    if (this.#signal?.aborted) this.#onAbort();
  }

  get stats(): SubscriptionStats {
    const queued = this.#items.length;
    return { ...this.#transport.stats, decodeErrors: this.#decodeErrors, queued };
  }

  /**
   * Reads all that the kernel has queued now, then puts a mark behind it. After the end it does nothing.
   * It may take the queue past its limit, by no more than the kernel's buffer holds.
   */
  mark(token: number): void {
    if (this.#items.ended) return;
    this.#transport.drain();
    this.#items.push({ kind: 'mark', token });
  }

  next(): Promise<IteratorResult<SubscriptionItem, undefined>> {
    return this.#items.next();
  }

  async return(): Promise<IteratorResult<SubscriptionItem, undefined>> {
    this.close();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Whether an open subscription keeps the process alive; it does at first. */
  ref(): void {
    this.#transport.ref();
  }

  unref(): void {
    this.#transport.unref();
  }

  /** Ends the iteration; what is queued is dropped. Twice is once. */
  close(): void {
    this.#items.clear();
    this.#end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  #end(error?: unknown): void {
    if (this.#items.ended) return;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#items.end(error);
    this.#transport.close();
    this.#onClosed(this);
  }

  #receive(batch: DatagramBatch): void {
    const { records, slab } = batch;
    if (this.#source.bytes !== slab) this.#source = sourceOf(slab);
    for (let row = 0; row < batch.count * recordColumns; row += recordColumns) {
      const flags = records[row + FLAGS] ?? 0;
      if (flags === 0) this.#datagram(records, row);
      else if (flags === FLAG_OVERRUN) this.#overrun(records[row + DETAIL] ?? -1);
      // Cut: its messages are lost like those of an overrun, and are not decoded (K26).
      else if (flags === FLAG_TRUNCATED) this.#items.push({ kind: 'overrun' });
    }
  }

  #overrun(droppedInAll: number): void {
    if (droppedInAll < 0) {
      this.#items.push({ kind: 'overrun' });
      return;
    }
    const dropped = droppedInAll - this.#dropped;
    this.#dropped = droppedInAll;
    this.#items.push({ kind: 'overrun', dropped });
  }

  #datagram(records: Int32Array, row: number): void {
    const start = records[row + OFFSET] ?? 0;
    const end = start + (records[row + LENGTH] ?? 0);
    const group = records[row + GROUP] ?? 0;
    const nsid = records[row + NSID] ?? -1;
    let read = start;
    try {
      eachMessage(this.#source, { start, end }, (message) => {
        this.#message(message, group, nsid);
        read = message.end;
      });
    } catch (error) {
      this.#undecodable(error, this.#source.bytes.slice(nlmsgAlign(read), end));
    }
  }

  #message(message: MessageAt, group: number, nsid: number): void {
    const { source, datagramAt, at, end, type, flags, seq, portId } = message;
    if (type < NLMSG_MIN_TYPE) {
      if (type === NLMSG_OVERRUN) this.#items.push({ kind: 'overrun' });
      return;
    }
    try {
      const problems: DecodeError[] = [];
      const decoded = decodeAt(this.#families, source, at, end, { base: -datagramAt, problems });
      const item: Writable<MessageItem> = {
        kind: 'message',
        type,
        flags,
        seq,
        portId,
        message: decoded,
      };
      if (group !== 0) item.group = group;
      if (nsid >= 0) item.nsid = nsid;
      if (problems.length > 0) item.problems = problems;
      this.#decodeErrors += problems.length;
      this.#items.push(item);
    } catch (error) {
      this.#undecodable(error, source.bytes.slice(at, end));
    }
  }

  #undecodable(error: unknown, bytes: Uint8Array): void {
    if (!(error instanceof DecodeError)) throw error;
    this.#decodeErrors += 1;
    this.#items.push({ kind: 'undecodable', error, bytes });
  }
}
