import type { DecodeError, Operation } from '@lw/codec';
import { RequestTimeoutError } from './errors.js';
import { beginNow, type Limits, remainingMs, withoutDeadline } from './limits.js';
import type { MessageAt } from './message-walk.js';
import { refusal } from './refusal.js';
import type { Outcome, RequestChannel } from './request-channel.js';
import type { Waits } from './waits.js';

/** First pause before a dump is read again; doubled each time: churn that interrupts it must get less. */
const firstBackoffMs = 10;
const maxBackoffMs = 1_000;

/** A table as the kernel gave it. */
export interface DumpResult<M> {
  readonly messages: readonly M[];
  /** True: the table changed while it was read, and did so at every attempt until the deadline (K20). */
  readonly interrupted: boolean;
  /** How often it was read. */
  readonly attempts: number;
  /** Remarks that came with the end of the dump (K21). */
  readonly warnings: readonly string[];
  /** Attributes that could not be read; they are kept raw in their messages. */
  readonly problems: readonly DecodeError[];
}

/**
 * A dump: nothing is sent before it is collected or iterated, and it is asked for once however often that
 * is done. Rows come after the end of a consistent dump, never from two attempts mixed; `stream: true`
 * gives them as they arrive instead, from one attempt.
 */
export interface Dump<M> extends AsyncIterable<M> {
  collect(): Promise<DumpResult<M>>;
  /** After the end: whether the table changed while it was read. Undefined before. */
  readonly interrupted: boolean | undefined;
}

/** What a dump is made of; the client fills it in. */
export interface DumpSource<M> {
  readonly op: string;
  readonly operation?: Operation;
  readonly channel: RequestChannel;
  readonly waits: Waits;
  readonly limits: Limits;
  encode(seq: number, portId: number): Uint8Array;
  decode(message: MessageAt, problems: DecodeError[]): M;
}

/** The dump that reads again until it is consistent. */
export class BufferedDump<M> implements Dump<M> {
  readonly #open: () => DumpSource<M>;
  #result: Promise<DumpResult<M>> | undefined;
  #interrupted: boolean | undefined;

  constructor(open: () => DumpSource<M>) {
    this.#open = open;
  }

  get interrupted(): boolean | undefined {
    return this.#interrupted;
  }

  collect(): Promise<DumpResult<M>> {
    this.#result ??= this.#run();
    return this.#result;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<M, void, undefined> {
    const { messages } = await this.collect();
    yield* messages;
  }

  async #run(): Promise<DumpResult<M>> {
    const result = await readDump(this.#open());
    this.#interrupted = result.interrupted;
    return result;
  }
}

/**
 * Takes a turn on the channel (K23) and reads the table until it is consistent or time is up. The time
 * begins with the turn: the queue moves because each dump before this one has a deadline of its own.
 * Rejects with NetlinkError, RequestTimeoutError when no attempt was complete, and as exchange() does.
 */
export async function readDump<M>(source: DumpSource<M>): Promise<DumpResult<M>> {
  const { op, limits, channel } = source;
  await channel.dumps.enter({ op, limits: withoutDeadline(limits) });
  try {
    return await retry({ ...source, limits: beginNow(limits) });
  } finally {
    channel.dumps.leave();
  }
}

interface Attempt<M> {
  readonly result: DumpResult<M>;
  readonly outcome: Outcome;
}

async function retry<M>(source: DumpSource<M>): Promise<DumpResult<M>> {
  let best: DumpResult<M> | undefined;
  for (let attempts = 1; ; attempts++) {
    const attempt = await tryUnless(source, attempts, best);
    if (attempt === undefined) return best as DumpResult<M>;
    const { result, outcome } = attempt;
    const code = outcome.ack?.code;
    // EBUSY: the kernel still runs a dump that was given up here (K23).
    if (outcome.ack !== undefined && outcome.ack.errno !== 0 && code !== 'EBUSY') {
      throw refusal({ ...source, request: outcome.request }, outcome.ack);
    }
    if (outcome.ack?.errno === 0) {
      if (!result.interrupted) return result;
      best = result;
    }
    const backoffMs = Math.min(firstBackoffMs * 2 ** (attempts - 1), maxBackoffMs);
    if (remainingMs(source.limits) <= backoffMs) return best ?? outOfTime(source, outcome);
    await source.waits.sleep(backoffMs, source);
  }
}

/** One attempt; undefined when time ran out during it and an earlier, interrupted answer is there. */
async function tryUnless<M>(
  source: DumpSource<M>,
  attempts: number,
  best: DumpResult<M> | undefined,
): Promise<Attempt<M> | undefined> {
  try {
    return await readOnce(source, attempts);
  } catch (error) {
    if (best !== undefined && error instanceof RequestTimeoutError) return undefined;
    throw error;
  }
}

async function readOnce<M>(source: DumpSource<M>, attempts: number): Promise<Attempt<M>> {
  const { op, limits } = source;
  const messages: M[] = [];
  const problems: DecodeError[] = [];
  const outcome = await source.channel.exchange({
    op,
    limits,
    dump: true,
    encode: (seq, portId) => source.encode(seq, portId),
    onReply: (message) => messages.push(source.decode(message, problems)),
  });
  const remark = outcome.ack?.extack?.message;
  const warnings = remark === undefined ? [] : [remark];
  const { interrupted } = outcome;
  return { outcome, result: { messages, interrupted, attempts, warnings, problems } };
}

function outOfTime<M>(source: DumpSource<M>, { ack, request }: Outcome): never {
  if (ack !== undefined && ack.errno !== 0) throw refusal({ ...source, request }, ack);
  throw new RequestTimeoutError(source.op, source.limits.timeoutMs);
}
