import type { DecodeError } from '@lw/codec';
import type { Dump, DumpResult, DumpSource } from './dump.js';
import { SocketClosedError, SocketError } from './errors.js';
import { ItemQueue } from './item-queue.js';
import { refusal } from './refusal.js';

/** Rows kept for a consumer that is slower than the kernel; beyond it the dump waits in the kernel. */
const streamLimitRows = 1024;

/**
 * Rows as they arrive, on a socket of its own: a consumer that is slow, or that stops, holds up nothing
 * but this dump, because the kernel makes the next part when the last one was read. One attempt:
 * `interrupted` tells after the end whether the table changed meanwhile. The deadline bounds the silence
 * of the kernel: the consumer's own time does not count.
 */
export class StreamedDump<M> implements Dump<M> {
  readonly #open: () => DumpSource<M>;
  #stream: RowStream<M> | undefined;
  #collected: Promise<DumpResult<M>> | undefined;

  constructor(open: () => DumpSource<M>) {
    this.#open = open;
  }

  get interrupted(): boolean | undefined {
    return this.#stream?.result?.interrupted;
  }

  /** @throws SocketError 'ROWS_TAKEN' after an iteration has begun: rows are kept by nobody. */
  collect(): Promise<DumpResult<M>> {
    this.#collected ??= this.#collect();
    return this.#collected;
  }

  [Symbol.asyncIterator](): AsyncIterator<M, undefined> {
    this.#stream ??= new RowStream(this.#open());
    return this.#stream;
  }

  async #collect(): Promise<DumpResult<M>> {
    if (this.#stream !== undefined) throw rowsTaken(this.#stream.op);
    const messages: M[] = [];
    const stream = new RowStream(this.#open());
    this.#stream = stream;
    for await (const message of this) messages.push(message);
    if (stream.result === undefined) throw new SocketClosedError(stream.op);
    return { ...stream.result, messages };
  }
}

function rowsTaken(op: string): SocketError {
  const reason = `${op}: rows of this stream went to an iteration, so collect() cannot give the whole table; collect instead of iterating, or dump again`;
  return new SocketError('ROWS_TAKEN', reason);
}

class RowStream<M> implements AsyncIterator<M, undefined> {
  result: DumpResult<M> | undefined;
  readonly #source: DumpSource<M>;
  readonly #rows: ItemQueue<M>;

  constructor(source: DumpSource<M>) {
    this.#source = source;
    const { channel } = source;
    this.#rows = new ItemQueue({
      limit: streamLimitRows,
      onFull: () => channel.pause(),
      onLow: () => channel.resume(),
    });
    this.#run().then(
      () => this.#rows.end(),
      (error) => this.#rows.end(error),
    );
  }

  get op(): string {
    return this.#source.op;
  }

  next(): Promise<IteratorResult<M, undefined>> {
    return this.#rows.next();
  }

  async return(): Promise<IteratorResult<M, undefined>> {
    this.#rows.end();
    this.#rows.clear();
    this.#source.channel.close(); // and with it the kernel's work on the dump
    return { value: undefined, done: true };
  }

  async #run(): Promise<void> {
    const source = this.#source;
    const { op, limits, channel } = source;
    const problems: DecodeError[] = [];
    try {
      const { ack, request, interrupted } = await channel.exchange({
        op,
        limits,
        dump: true,
        untilSilent: true,
        encode: (seq, portId) => source.encode(seq, portId),
        onReply: (message) => this.#rows.push(source.decode(message, problems)),
      });
      if (ack !== undefined && ack.errno !== 0) throw refusal({ ...source, request }, ack);
      const warnings = ack?.extack?.message === undefined ? [] : [ack.extack.message];
      this.result = { messages: [], interrupted, attempts: 1, warnings, problems };
    } finally {
      channel.close();
    }
  }
}
