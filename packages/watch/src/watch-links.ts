import { LinkwatchError, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_LINK } from '@lw/codec';
import type { WatchEvent } from './event.js';
import { EventQueue } from './event-queue.js';
import type { LinkState } from './link.js';
import type { LinkWatcher, WatchOptions, WatchStats, WhenOptions } from './link-watcher.js';
import { readTables } from './read-links.js';
import type { LinkSource, SourceItem, SourceSubscription } from './source.js';
import {
  type Effect,
  type Input,
  initialState,
  snapshotOf,
  step,
  type WatchState,
} from './step.js';
import { Waiters } from './waiters.js';

/** Events held for a consumer that is slow; then reading stops, and the kernel says overrun if it must. */
const defaultQueueLimit = 65_536;

/** Dumps that may fail one after the other, a pause between them, before the watcher gives up with the error. */
const maxReadFailures = 5;

/**
 * Watches the links and addresses of a source: listens first, reads then, and reads again after loss. The
 * source stays open when the watcher closes.
 */
export function watchLinks(source: LinkSource, options: WatchOptions): LinkWatcher {
  return new Watcher(source, options);
}

class Watcher implements LinkWatcher {
  readonly ready: Promise<void>;
  readonly #source: LinkSource;
  readonly #options: WatchOptions;
  readonly #state: WatchState;
  readonly #queue: EventQueue<WatchEvent>;
  readonly #queueLimit: number;
  /** Whether somebody takes the events; `dropped` when nobody did for a whole queue. */
  #events: 'waiting' | 'taken' | 'dropped' = 'waiting';
  readonly #subscription: SourceSubscription;
  readonly #waiters = new Waiters();
  readonly #onAbort = (): void => this.#end(this.#options.signal?.reason);
  #settleReady: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  #counts = { events: 0, syncs: 0, overruns: 0, repairs: 0, undecodable: 0 };
  #cancelTimer: (() => void) | undefined;
  #ended = false;
  #error: unknown;
  #isReading = false;
  /** Token of the dump to do; undefined when it is done. */
  #wanted: number | undefined;
  /** Dumps in a row that failed. */
  #failures = 0;
  #isTelling = false;

  constructor(source: LinkSource, options: WatchOptions) {
    this.#source = source;
    this.#options = options;
    this.#state = initialState(options.epoch);
    this.#queueLimit = options.queueLimit ?? defaultQueueLimit;
    this.#queue = new EventQueue(this.#queueLimit);
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    // Whoever does not ask for it must not be told of its failure by the process.
    this.ready.catch(ignore);
    this.#subscription = source.subscribe([RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR]);
    options.signal?.addEventListener('abort', this.#onAbort);
    if (options.signal?.aborted === true) this.#onAbort();
    else void this.#run();
  }

  get stats(): WatchStats {
    return { ...this.#counts, queued: this.#queue.length };
  }

  snapshot(): readonly LinkState[] {
    return snapshotOf(this.#state);
  }

  link(nameOrIndex: string | number): LinkState | undefined {
    const own = this.snapshot().filter(({ nsid }) => nsid === undefined);
    if (typeof nameOrIndex === 'number') return own.find(({ ifindex }) => ifindex === nameOrIndex);
    return (
      own.find(({ ifname }) => ifname === nameOrIndex) ??
      own.find(({ altnames }) => altnames.includes(nameOrIndex))
    );
  }

  when(
    predicate: (links: readonly LinkState[]) => boolean,
    { signal }: WhenOptions = {},
  ): Promise<readonly LinkState[]> {
    if (this.#ended) return Promise.reject(this.#error ?? closedError());
    const found = this.#waiters.add(predicate, signal);
    this.#tellWaiters();
    return found;
  }

  [Symbol.asyncIterator](): AsyncIterator<WatchEvent, undefined> {
    if (this.#events === 'dropped') throw droppedError();
    if (this.#events === 'taken' && !this.#ended) throw takenError();
    this.#events = 'taken';
    return {
      next: () => this.#queue.next(),
      return: async () => {
        await this.close();
        return { value: undefined, done: true };
      },
    };
  }

  async close(): Promise<void> {
    this.#queue.clear();
    this.#end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run(): Promise<void> {
    try {
      this.#feed({ kind: 'start' });
      for await (const item of this.#subscription) {
        this.#take(item);
        // Within a sync the marks must come through, whoever takes the events.
        if (this.#state.phase === 'live' && this.#events === 'taken') await this.#queue.room();
      }
      this.#end();
    } catch (error) {
      this.#end(error);
    }
  }

  #take(item: SourceItem): void {
    switch (item.kind) {
      case 'message':
        this.#feed({ kind: 'message', message: item.message, nsid: item.nsid });
        return;
      case 'overrun':
        this.#counts.overruns += 1;
        this.#feed({ kind: 'overrun' });
        return;
      case 'mark':
        this.#feed({ kind: 'mark', token: item.token });
        return;
      case 'undecodable':
        this.#undecodable(item.error.code);
        return;
      default:
        assertNever(item);
    }
  }

  /** A message of a type that nobody knows is no loss; broken framing may have hidden anything. */
  #undecodable(code: string): void {
    this.#counts.undecodable += 1;
    if (code === 'UNKNOWN_MESSAGE') return;
    this.#counts.overruns += 1;
    this.#feed({ kind: 'overrun' });
  }

  #feed(input: Input): void {
    if (this.#ended) return;
    const { clock } = this.#options;
    const at = { time: clock.now(), monotonicNs: clock.monotonicNs() };
    const { events, effects } = step(this.#state, input, at);
    for (const event of events) this.#count(event);
    this.#queueEvents(events);
    if (events.length > 0 || input.kind === 'message') this.#tellWaitersSoon();
    for (const effect of effects) this.#perform(effect);
  }

  /** Whoever never takes events must not stop the mirror: past the limit they are dropped, once and for all. */
  #queueEvents(events: readonly WatchEvent[]): void {
    if (this.#options.events === false || this.#events === 'dropped') return;
    this.#queue.push(events);
    if (this.#events === 'taken' || this.#queue.length <= this.#queueLimit) return;
    this.#events = 'dropped';
    this.#queue.clear();
  }

  #count(event: WatchEvent): void {
    this.#counts.events += 1;
    if (event.kind !== 'sync-ended') return;
    this.#counts.syncs += 1;
    this.#counts.repairs += event.repairs;
    this.#settleReady?.resolve();
  }

  #perform(effect: Effect): void {
    const { token } = effect;
    if (effect.kind === 'mark') this.#subscription.mark(token);
    else if (effect.kind === 'dump') void this.#dump(token);
    else this.#setTimer(token, effect.delayMs);
  }

  #setTimer(token: number, delayMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.clock.setTimer(delayMs, () =>
      this.#feed({ kind: 'tick', token }),
    );
  }

  /**
   * One dump at a time, the latest that was asked for next: in a storm, overruns come faster than dumps end,
   * and dumps that nobody needs any more would queue up before the one that counts.
   */
  async #dump(token: number): Promise<void> {
    this.#wanted = token;
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#wanted !== undefined && !this.#ended) await this.#read(this.#wanted);
    this.#isReading = false;
  }

  async #read(token: number): Promise<void> {
    try {
      const { rows, interrupted } = await readTables(this.#source);
      if (this.#wanted !== token) return;
      this.#wanted = undefined;
      this.#failures = 0;
      for (const message of rows) this.#feed({ kind: 'dump-part', token, message });
      this.#feed({ kind: 'dump-end', token, interrupted });
    } catch (error) {
      this.#readFailed(token, error);
    }
  }

  /** One dump that fails is no end: a watcher that has looked once goes on, and reads again after a pause. */
  #readFailed(token: number, error: unknown): void {
    if (this.#wanted !== token) return;
    this.#wanted = undefined;
    this.#failures += 1;
    if (!this.#state.introduced || this.#failures >= maxReadFailures) this.#end(error);
    else this.#feed({ kind: 'dump-failed', token });
  }

  /** After the messages at hand: a wait asks for a state, not for each step to it. */
  #tellWaitersSoon(): void {
    if (this.#waiters.isEmpty || this.#isTelling) return;
    this.#isTelling = true;
    void Promise.resolve().then(() => {
      this.#isTelling = false;
      this.#tellWaiters();
    });
  }

  #tellWaiters(): void {
    if (!this.#waiters.isEmpty && this.#state.introduced) this.#waiters.tell(this.snapshot());
  }

  #end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#cancelTimer?.();
    this.#subscription.close();
    this.#queue.end(error);
    const reason = error ?? closedError();
    this.#settleReady?.reject(reason);
    this.#waiters.rejectAll(reason);
  }
}

function droppedError(): LinkwatchError {
  const reason = 'nobody took the events for a whole queue, so they were dropped';
  const cure = 'iterate from the start, or raise queueLimit';
  return new LinkwatchError('EVENTS_DROPPED', `${reason}; ${cure}`);
}

function takenError(): LinkwatchError {
  return new LinkwatchError('EVENTS_TAKEN', 'the events of a watcher have one consumer');
}

function closedError(): LinkwatchError {
  return new LinkwatchError('CLOSED', 'the watcher is closed');
}

function ignore(): void {
  // The error reaches the iteration and every waiter.
}

function assertNever(item: never): never {
  throw new Error(`unknown item ${JSON.stringify(item)}`);
}
