import {
  type Ack,
  decodeAck,
  NLM_F_DUMP_INTR,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_MIN_TYPE,
  NLMSG_OVERRUN,
  type Source,
  sourceOf,
} from '@lw/codec';
import {
  type DatagramBatch,
  FLAG_OVERRUN,
  FLAG_TRUNCATED,
  FLAGS,
  LENGTH,
  OFFSET,
  recordColumns,
} from './datagram-batch.js';
import { SocketClosedError, SocketError } from './errors.js';
import type { Limits } from './limits.js';
import { eachMessage, type MessageAt, viewMessage } from './message-walk.js';
import { SequenceNumbers } from './sequence.js';
import type { Transport } from './transport.js';
import { Turnstile } from './turnstile.js';
import type { Wait, Waits } from './waits.js';

/** A request and what to do with its answer. */
export interface Exchange {
  /** What is attempted, for messages. */
  readonly op: string;
  /** Ends with NLMSG_DONE; anything else ends with its acknowledgement. */
  readonly dump: boolean;
  /** The deadline is for the kernel's silence: each message of the answer begins it anew. Default false. */
  readonly untilSilent?: boolean;
  readonly limits: Limits;
  encode(seq: number, portId: number): Uint8Array;
  /** One message of the answer, valid during the call only. Throwing fails the exchange. */
  onReply(message: MessageAt): void;
}

/** How an exchange ended. */
export interface Outcome {
  /** The kernel's verdict; a refusal (errno above 0) stands here too. Absent when it was lost. */
  readonly ack?: Ack;
  readonly request: Uint8Array;
  /** The parts do not make one consistent answer: NLM_F_DUMP_INTR (K20), or parts were lost. */
  readonly interrupted: boolean;
}

interface Pending {
  readonly exchange: Exchange;
  readonly request: Uint8Array;
  readonly wait: Wait<Outcome>;
  interrupted: boolean;
}

/** Requests over one transport: sends, and matches what comes back by sequence number and port id (K24). */
export class RequestChannel {
  /** Dumps take turns here (K23). */
  readonly dumps: Turnstile;
  readonly #transport: Transport;
  readonly #waits: Waits;
  readonly #pending = new Map<number, Pending>();
  readonly #sequence = new SequenceNumbers();
  readonly #visit = (message: MessageAt) => this.#message(message);
  #source: Source = sourceOf(new Uint8Array(0));
  #late = 0;

  constructor(transport: Transport, waits: Waits) {
    this.#transport = transport;
    this.#waits = waits;
    this.dumps = new Turnstile(waits);
    transport.start({
      receive: (batch) => this.#receive(batch),
      failed: (error) => this.#fail(error),
    });
    // The timer of a request in flight keeps the process alive, an idle channel does not.
    transport.unref();
  }

  get transport(): Transport {
    return this.#transport;
  }

  /** Messages for requests that were no longer waited for. */
  get late(): number {
    return this.#late;
  }

  /**
   * Sends at once and resolves at the end of the answer, refused or not.
   * Rejects with RequestTimeoutError, SocketClosedError, the signal's reason, SyscallError from sending,
   * what `encode` or `onReply` threw, or SocketError 'TRUNCATED' or 'REPLY_LOST'.
   */
  exchange(exchange: Exchange): Promise<Outcome> {
    const seq = this.#freeSequence();
    const { op, limits } = exchange;
    const onSettled = () => this.#pending.delete(seq);
    return this.#waits.start<Outcome>({ op, limits, onSettled }, (wait) => {
      const request = exchange.encode(seq, this.#transport.portId);
      this.#pending.set(seq, { exchange, request, wait, interrupted: false });
      try {
        this.#transport.send(request);
      } catch (error) {
        wait.reject(error);
      }
    });
  }

  /** Stops reading; deadlines stand still, for the kernel waits for us and not we for it. */
  pause(): void {
    this.#transport.pause();
    for (const { wait } of this.#pending.values()) wait.deadline.stop();
  }

  resume(): void {
    this.#transport.resume();
    for (const { wait } of this.#pending.values()) wait.deadline.start();
  }

  /** Rejects what is under way: nothing answers it any more, and its timer would hold the process. */
  close(): void {
    this.#transport.close();
    for (const { exchange, wait } of [...this.#pending.values()]) {
      wait.reject(new SocketClosedError(exchange.op));
    }
  }

  #freeSequence(): number {
    let seq = this.#sequence.next();
    while (this.#pending.has(seq)) seq = this.#sequence.next();
    return seq;
  }

  #receive(batch: DatagramBatch): void {
    const { records, slab } = batch;
    if (this.#source.bytes !== slab) this.#source = sourceOf(slab);
    for (let row = 0; row < batch.count * recordColumns; row += recordColumns) {
      const flags = records[row + FLAGS] ?? 0;
      const offset = records[row + OFFSET] ?? 0;
      const length = records[row + LENGTH] ?? 0;
      if (flags === 0) this.#datagram(offset, offset + length);
      else if (flags === FLAG_TRUNCATED) this.#cut(slab.subarray(offset, offset + length));
      else if (flags === FLAG_OVERRUN) this.#repliesLost();
    }
  }

  #datagram(start: number, end: number): void {
    try {
      eachMessage(this.#source, { start, end }, this.#visit);
    } catch {
      // Framing that cannot be: what stood behind it is as lost as in an overrun.
      this.#repliesLost();
    }
  }

  #message(message: MessageAt): void {
    if (message.type === NLMSG_OVERRUN) {
      this.#repliesLost();
      return;
    }
    const pending = this.#find(message);
    if (pending === undefined) {
      this.#late += 1;
      return;
    }
    if (pending.exchange.untilSilent) pending.wait.deadline.postpone();
    if (message.flags & NLM_F_DUMP_INTR && pending.exchange.dump) pending.interrupted = true;
    try {
      if (message.type === NLMSG_DONE || message.type === NLMSG_ERROR) end(pending, message);
      else if (message.type >= NLMSG_MIN_TYPE) pending.exchange.onReply(message);
    } catch (error) {
      pending.wait.reject(error);
    }
  }

  #find(message: MessageAt): Pending | undefined {
    return message.portId === this.#transport.portId ? this.#pending.get(message.seq) : undefined;
  }

  /** A datagram without its end: the header still says whose it was; nothing else is read (K26). */
  #cut(bytes: Uint8Array): void {
    const header = cutHeader(bytes);
    const pending = this.#pending.get(header?.seq ?? 0);
    if (pending === undefined) return;
    if (pending.exchange.dump) {
      pending.interrupted = true; // read again; the transport offers more by then
      return;
    }
    const reason = `${pending.exchange.op}: the reply did not fit into the receive buffer, which has been grown; ask again`;
    pending.wait.reject(new SocketError('TRUNCATED', reason));
  }

  /**
   * The kernel dropped replies (K18), whose is not known: no dump that is under way can be trusted. The
   * replies that were kept come behind this notice: read them, after this batch; whoever then still waits
   * has lost his. Kernel subsystems answer inside send().
   */
  #repliesLost(): void {
    const suspects = [...this.#pending.values()];
    for (const pending of suspects) pending.interrupted = true;
    queueMicrotask(() => {
      if (!this.#transport.closed) this.#transport.drain();
      for (const pending of suspects) giveUp(pending);
    });
  }

  #fail(error: SocketError): void {
    for (const pending of [...this.#pending.values()]) pending.wait.reject(error);
    this.#transport.close();
  }
}

function end(pending: Pending, message: MessageAt): void {
  const { request, interrupted } = pending;
  pending.wait.resolve({ ack: decodeAck(viewMessage(message)), request, interrupted });
}

function giveUp({ exchange, request, wait }: Pending): void {
  if (exchange.dump) {
    wait.resolve({ request, interrupted: true });
    return;
  }
  const reason = `${exchange.op}: the kernel dropped the reply (receive buffer full), so whether it was done is not known; look, and send less at once`;
  wait.reject(new SocketError('REPLY_LOST', reason));
}

/** The first message's header, which a cut datagram still has; its length reaches beyond the bytes. */
function cutHeader(bytes: Uint8Array): { readonly seq: number } | undefined {
  const headerBytes = 16;
  if (bytes.length < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  return { seq: view.getUint32(8, true) };
}
