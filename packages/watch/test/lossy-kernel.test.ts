/**
 * The event queue overruns as the kernel's does, dumps are read a few rows at a time while all goes on, names
 * and indexes are reused: in the end the mirror is the kernel, and whoever followed the events knows the same.
 */
import type { DecodedMessage } from '@lw/codec';
import {
  type Effect,
  type Input,
  initialState,
  snapshotOf,
  step,
  type WatchEvent,
} from '@lw/watch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, type KernelItem, ModelKernel } from './support/model-kernel.ts';
import { known, replay } from './support/replay.ts';

type Move =
  | { readonly move: 'act'; readonly action: Action }
  /** the watcher takes this many items */
  | { readonly move: 'take'; readonly count: number }
  /** the dump goes on by this many links or by the addresses of this many links */
  | { readonly move: 'dump'; readonly count: number };

interface Dump {
  readonly token: number;
  table: 'links' | 'addresses';
  after: number;
}

/** A watcher, its kernel and what is on the way between them. */
class Bench {
  readonly kernel: ModelKernel;
  readonly events: WatchEvent[] = [];
  readonly state = initialState('test');
  readonly #inbox: (KernelItem | { readonly kind: 'mark'; readonly token: number })[] = [];
  readonly #dumps: Dump[] = [];

  constructor(queueLimit: number) {
    this.kernel = new ModelKernel(queueLimit);
  }

  feed(input: Input): void {
    const { events, effects } = step(this.state, input, { time: 0, monotonicNs: 0n });
    this.events.push(...events);
    for (const effect of effects) this.#perform(effect);
  }

  take(count: number): void {
    for (let left = count; left > 0; left -= 1) {
      const item = this.#inbox.shift() ?? this.kernel.receive();
      if (item !== undefined) this.feed(item);
    }
  }

  dump(count: number): void {
    const dump = this.#dumps[0];
    if (dump === undefined) return;
    const rows =
      dump.table === 'links'
        ? this.kernel.linkRows(dump.after, count)
        : this.kernel.addressRows(dump.after, count);
    for (const message of rows) this.feed({ kind: 'dump-part', token: dump.token, message });
    const last = rows.at(-1);
    if (last !== undefined) dump.after = indexOf(last);
    else if (dump.table === 'links') Object.assign(dump, { table: 'addresses', after: -1 });
    else {
      this.#dumps.shift();
      this.feed({ kind: 'dump-end', token: dump.token, interrupted: false });
    }
  }

  /** Lets all that is on the way arrive. */
  settle(): void {
    for (let round = 0; round < 1000 && !this.#isQuiet(); round += 1) {
      this.take(100);
      this.dump(100);
    }
  }

  #isQuiet(): boolean {
    const waiting = this.#inbox.length + this.kernel.queued + this.#dumps.length;
    return waiting === 0 && this.state.phase === 'live';
  }

  #perform(effect: Effect): void {
    if (effect.kind === 'dump') {
      this.#dumps.push({ token: effect.token, table: 'links', after: -1 });
      return;
    }
    // Its dumps are never interrupted, so nothing is tried again later.
    if (effect.kind === 'timer') throw new Error('no timer is expected');
    for (let item = this.kernel.receive(); item !== undefined; item = this.kernel.receive()) {
      this.#inbox.push(item);
    }
    this.#inbox.push(effect);
  }
}

function indexOf({ header }: DecodedMessage): number {
  const { ifiIndex, ifaIndex } = header as { ifiIndex?: number; ifaIndex?: number };
  return ifiIndex ?? ifaIndex ?? 0;
}

// Few indexes, names and addresses, so that they meet: reuse is where mirrors go wrong (K7).
const index = fc.integer({ min: 1, max: 4 });
const name = fc.integer({ min: 1, max: 5 });
const host = fc.integer({ min: 1, max: 2 });
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constant('add' as const), index, name }),
  fc.record({ do: fc.constant('delete' as const), index }),
  fc.record({ do: fc.constantFrom('rename' as const, 'reuse' as const), index, name }),
  fc.record({ do: fc.constant('mtu' as const), index, mtu: fc.constantFrom(1400, 1500, 9000) }),
  fc.record({ do: fc.constantFrom('admin' as const, 'carrier' as const), index }),
  fc.record({ do: fc.constant('master' as const), index, master: fc.constantFrom(undefined, 9) }),
  fc.record({
    do: fc.constantFrom(
      'address-add' as const,
      'address-usable' as const,
      'address-delete' as const,
    ),
    index,
    host,
  }),
);
const count = fc.integer({ min: 1, max: 5 });
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ move: fc.constant('act' as const), action }) },
  { weight: 2, arbitrary: fc.record({ move: fc.constant('take' as const), count }) },
  { weight: 1, arbitrary: fc.record({ move: fc.constant('dump' as const), count }) },
);

function run(moves: readonly Move[], queueLimit: number): Bench {
  const bench = new Bench(queueLimit);
  bench.feed({ kind: 'start' });
  for (const one of moves) {
    if (one.move === 'act') bench.kernel.act(one.action);
    else if (one.move === 'take') bench.take(one.count);
    else bench.dump(one.count);
  }
  bench.settle();
  return bench;
}

/** The kernel as a watcher that starts now sees it. Generations differ by history. */
function truth(kernel: ModelKernel): unknown[] {
  const fresh = initialState('truth');
  const at = { time: 0, monotonicNs: 0n };
  step(fresh, { kind: 'start' }, at);
  step(fresh, { kind: 'mark', token: fresh.token }, at);
  for (const message of [...kernel.linkRows(), ...kernel.addressRows()]) {
    step(fresh, { kind: 'dump-part', token: fresh.token, message }, at);
  }
  step(fresh, { kind: 'dump-end', token: fresh.token, interrupted: false }, at);
  step(fresh, { kind: 'mark', token: fresh.token }, at);
  return withoutGeneration(known(snapshotOf(fresh)));
}

function withoutGeneration(links: unknown[]): unknown[] {
  return links.map((link) => ({ ...(link as object), generation: undefined }));
}

describe('after any history of a kernel that drops messages', () => {
  const histories = fc.tuple(
    fc.array(move, { maxLength: 80, size: 'max' }),
    fc.constantFrom(2, 4, 1000), // small queues overrun often, the large one never
  );
  const examine = (check: (bench: Bench) => void) =>
    fc.assert(
      fc.property(histories, ([moves, queueLimit]) => check(run(moves, queueLimit))),
      { numRuns: 3000, seed: 20_261_121 },
    );

  it('the mirror is the kernel (K18)', () => {
    examine(({ kernel, state }) => {
      expect(state.phase).toBe('live');
      expect(withoutGeneration(known(snapshotOf(state)))).toEqual(truth(kernel));
    });
  });

  it('the events replayed are the mirror, and none contradicts those before it', () => {
    examine(({ events, state }) => {
      expect(known(replay(events))).toEqual(known(snapshotOf(state)));
    });
  });

  it('events are counted without gaps, and none tells of nothing (K10)', () => {
    examine(({ events }) => {
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
      const empty = events.filter(
        (event) =>
          (event.kind === 'link-changed' || event.kind === 'address-changed') &&
          Object.keys(event.changes).length === 0,
      );
      expect(empty).toEqual([]);
    });
  });
});
