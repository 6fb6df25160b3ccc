import { batchOf, type Datagram, type Notice } from '../src/datagram-batch.js';
import { SocketClosedError, SocketError } from '../src/errors.js';
import type { Transport, TransportSink, TransportStats } from '../src/transport.js';
import { readRequest, type SentRequest } from './messages.js';

/** What stands in the fake kernel's queue: bytes are short for a datagram of the kernel. */
export type Row = Uint8Array | Datagram | Notice;

/** Answers a request with rows; it may also keep the transport and deliver later. */
export type Script = (request: SentRequest, transport: ScriptedTransport) => readonly Row[];

export interface ScriptedOptions {
  readonly protocol?: number;
  readonly portId?: number;
  /** Answers reach the sink inside send(), as the kernel's do, or in a later turn. Default true. */
  readonly answersInSend?: boolean;
}

/** A kernel of a few lines: a queue and a script. */
export class ScriptedTransport implements Transport {
  readonly protocol: number;
  readonly portId: number;
  readonly sent: SentRequest[] = [];
  closed = false;
  referenced = true;
  paused = false;
  readonly #script: Script;
  readonly #answersInSend: boolean;
  readonly #queue: (Datagram | Notice)[] = [];
  #sink: TransportSink | undefined;
  #dispatching = false;
  #received = 0;
  #overruns = 0;

  constructor(script: Script = () => [], options: ScriptedOptions = {}) {
    this.#script = script;
    this.protocol = options.protocol ?? 0;
    this.portId = options.portId ?? 4711;
    this.#answersInSend = options.answersInSend ?? true;
  }

  get stats(): TransportStats {
    return {
      received: this.#received,
      receivedBytes: 0,
      foreign: 0,
      truncated: 0,
      overruns: this.#overruns,
      dropped: 0,
      rcvbufBytes: 8192,
    };
  }

  start(sink: TransportSink): void {
    this.#assertOpen('start');
    this.#sink = sink;
    this.#deliverSoon();
  }

  send(bytes: Uint8Array): void {
    this.#assertOpen('send');
    const request = readRequest(bytes.slice());
    this.sent.push(request);
    this.#enqueue(this.#script(request, this));
    if (this.#answersInSend && !this.paused && !this.#dispatching) this.#deliver();
  }

  /** The kernel puts rows into our queue; the loop finds them in a later turn. */
  arrive(...rows: Row[]): void {
    this.#enqueue(rows);
    this.#deliverSoon();
  }

  fail(error: SocketError): void {
    this.#sink?.failed(error);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.#deliverSoon();
  }

  drain(): void {
    this.#assertOpen('drain');
    if (this.#dispatching) throw new SocketError('REENTRANT', 'drain inside a batch');
    this.#deliver();
  }

  ref(): void {
    this.referenced = true;
  }

  unref(): void {
    this.referenced = false;
  }

  close(): void {
    this.closed = true;
    this.#sink = undefined;
  }

  #assertOpen(what: string): void {
    if (this.closed) throw new SocketClosedError(what);
  }

  #enqueue(rows: readonly Row[]): void {
    for (const row of rows) {
      this.#queue.push(row instanceof Uint8Array ? { bytes: row, portId: 0 } : row);
    }
  }

  #deliverSoon(): void {
    setImmediate(() => {
      if (!this.paused && !this.closed) this.#deliver();
    });
  }

  #deliver(): void {
    if (this.#sink === undefined) return;
    const rows = this.#queue.splice(0);
    if (rows.length === 0) return;
    for (const row of rows) {
      if ('bytes' in row) this.#received += 1;
      else if (row.kind === 'overrun') this.#overruns += 1;
    }
    this.#dispatching = true;
    try {
      this.#sink.receive(batchOf(rows));
    } finally {
      this.#dispatching = false;
    }
  }
}
