/**
 * The whole machine that keeps the mirror true: a pure step from state and input to events and effects.
 *
 * A mirror that lives on notifications alone is wrong after the first loss, and one that is read without
 * listening is wrong at once. So: listen first, read then, and let neither undo the other.
 *
 *   phase     | input        | next     | effects and events
 *   ----------|--------------|----------|--------------------------------------------------------------
 *   idle      | start        | draining | event sync-started; effect mark
 *   draining  | mark         | reading  | effect dump: all older messages have been seen
 *   reading   | dump-part    | reading  | rows are kept, not applied
 *   reading   | dump-end     | settling | effect mark
 *   reading   | dump-failed  | resting  | effect timer
 *   resting   | tick         | draining | effect mark
 *   settling  | mark         | live     | rows are applied, the rest swept; events; sync-ended
 *             |              |          | (interrupted: nothing is swept, K20; effect timer)
 *   live      | tick         | draining | as start: the last dump was interrupted, its sweep is still owed
 *   any       | message      | same     | applied at once; its keys are newer than any row of this sync
 *   any       | overrun      | draining | event overrun (and sync-started when live); effect mark
 *
 * Why two marks. The kernel answers a dump and queues notifications on different sockets, so their order is
 * lost. The first mark makes sure that what was queued before the dump is applied before it (K18: after an
 * overrun, older messages still come). The second waits for all that was queued while the dump ran: for a
 * thing that changed meanwhile its last message is at least as new as its row, so the message wins and the
 * row is dropped. A row that is older than a message can undo nothing that way, nor a message an older row.
 *
 * `step` changes the mirror inside the state it is given and returns that state: a copy of 10,000 links for
 * each message would be the whole cost of watching. Nothing else is shared.
 */
import type { DecodedMessage } from '@lw/codec';
import type { WatchEvent } from './event.js';
import type { LinkState } from './link.js';
import {
  added,
  applyMessage,
  type Change,
  emptyMirror,
  linkKey,
  type Mirror,
  sortedLinks,
  type Unstamped,
} from './mirror.js';
import { type AddressMessage, addressKey, isInternetAddress, readAddress } from './read-address.js';
import { isDeviceMessage, isFull, type LinkMessage } from './read-link.js';
import { reconcile, type TableView } from './reconcile.js';

export type Phase = 'idle' | 'draining' | 'reading' | 'resting' | 'settling' | 'live';

/** When an input came, given by the caller. */
export interface Instant {
  readonly time: number;
  readonly monotonicNs: bigint;
}

export type Input =
  | { readonly kind: 'start' }
  | {
      readonly kind: 'message';
      readonly message: DecodedMessage;
      readonly nsid?: number | undefined;
    }
  | { readonly kind: 'dump-part'; readonly token: number; readonly message: DecodedMessage }
  | { readonly kind: 'dump-end'; readonly token: number; readonly interrupted: boolean }
  | { readonly kind: 'dump-failed'; readonly token: number }
  | { readonly kind: 'mark'; readonly token: number }
  | { readonly kind: 'tick'; readonly token: number }
  | { readonly kind: 'overrun' };

export type Effect =
  /** Put a mark with this token behind all that the kernel has queued. */
  | { readonly kind: 'mark'; readonly token: number }
  /** Read links, then addresses; say the token with each row and at the end. */
  | { readonly kind: 'dump'; readonly token: number }
  /** Feed a tick with this token after the delay. */
  | { readonly kind: 'timer'; readonly token: number; readonly delayMs: number };

/** Until tables that could not be read, or only in a blend, are read again: the source has tried hard before. */
const retryMs = 1000;

/** One attempt to bring mirror and kernel together. */
interface Sync extends Omit<TableView, 'complete'> {
  readonly reason: 'initial' | 'resync';
  readonly rows: Map<string, DecodedMessage>;
  readonly touched: Set<string>;
  /** Messages about a part of a link (K9) since the dump began: newer than its row, which knows the rest. */
  readonly parts: { readonly decoded: DecodedMessage; readonly nsid: number | undefined }[];
  interrupted: boolean;
}

export interface WatchState {
  readonly mirror: Mirror;
  readonly epoch: string;
  phase: Phase;
  /** Of the last event. */
  seq: number;
  /** Of the marks and dumps of the present attempt; older ones are stale. */
  token: number;
  sync: Sync;
  /** The first look is over: changes are told from now on. */
  introduced: boolean;
}

export interface Step {
  readonly state: WatchState;
  readonly events: readonly WatchEvent[];
  readonly effects: readonly Effect[];
}

export function initialState(epoch: string): WatchState {
  return {
    mirror: emptyMirror(),
    epoch,
    phase: 'idle',
    seq: 0,
    token: 0,
    sync: newSync('initial'),
    introduced: false,
  };
}

/** Links as they are known now, by namespace and index. */
export function snapshotOf(state: WatchState): readonly LinkState[] {
  return sortedLinks(state.mirror);
}

export function step(state: WatchState, input: Input, at: Instant): Step {
  switch (input.kind) {
    case 'start':
      return state.phase === 'idle' ? begin(state, 'initial', at, []) : quiet(state);
    case 'message':
      return message(state, input.message, input.nsid, at);
    case 'dump-part':
      if (isPresent(state, input.token, 'reading')) keepRow(state.sync, input.message);
      return quiet(state);
    case 'dump-end':
      if (!isPresent(state, input.token, 'reading')) return quiet(state);
      state.sync.interrupted = input.interrupted;
      state.phase = 'settling';
      return mark(state, []);
    case 'mark':
      return marked(state, input.token, at);
    case 'dump-failed':
      return isPresent(state, input.token, 'reading') ? rest(state) : quiet(state);
    case 'tick':
      return tick(state, input.token, at);
    case 'overrun':
      return overrun(state, at);
    default:
      return assertNever(input);
  }
}

function quiet(state: WatchState): Step {
  return { state, events: [], effects: [] };
}

/** Whether a token belongs to this attempt: an overrun makes those of the one before stale. */
function isPresent(state: WatchState, token: number, phase: Phase): boolean {
  return state.phase === phase && state.token === token;
}

function newSync(reason: Sync['reason']): Sync {
  return { reason, rows: new Map(), touched: new Set(), parts: [], interrupted: false };
}

function begin(
  state: WatchState,
  reason: Sync['reason'],
  at: Instant,
  before: readonly WatchEvent[],
): Step {
  state.sync = newSync(reason);
  state.phase = 'draining';
  return mark(state, [...before, stamp(state, { kind: 'sync-started', reason }, at)]);
}

function mark(state: WatchState, events: readonly WatchEvent[]): Step {
  state.token += 1;
  return { state, events, effects: [{ kind: 'mark', token: state.token }] };
}

function rest(state: WatchState): Step {
  state.phase = 'resting';
  return { state, events: [], effects: [{ kind: 'timer', token: state.token, delayMs: retryMs }] };
}

function tick(state: WatchState, token: number, at: Instant): Step {
  if (isPresent(state, token, 'live')) return begin(state, 'resync', at, []);
  return isPresent(state, token, 'resting') ? restart(state, []) : quiet(state);
}

/** The same sync from its beginning: what was read so far may be older than what was lost. */
function restart(state: WatchState, events: readonly WatchEvent[]): Step {
  state.sync = newSync(state.sync.reason);
  state.phase = 'draining';
  return mark(state, events);
}

function overrun(state: WatchState, at: Instant): Step {
  if (state.phase === 'idle') return quiet(state);
  const told = stamp(state, { kind: 'overrun' }, at);
  if (state.phase === 'live') return begin(state, 'resync', at, [told]);
  return restart(state, [told]);
}

function marked(state: WatchState, token: number, at: Instant): Step {
  if (isPresent(state, token, 'draining')) {
    state.phase = 'reading';
    // Messages up to here are older than every row to come.
    state.sync.touched.clear();
    state.sync.parts.length = 0;
    return { state, events: [], effects: [{ kind: 'dump', token }] };
  }
  return isPresent(state, token, 'settling') ? settle(state, at) : quiet(state);
}

function message(
  state: WatchState,
  decoded: DecodedMessage,
  nsid: number | undefined,
  at: Instant,
): Step {
  const inSync = state.phase === 'live';
  const arrival = inSync ? { nsid } : { nsid, touched: state.sync.touched };
  const { changes, touched } = applyMessage(state.mirror, decoded, arrival);
  if (!inSync) for (const key of touched) state.sync.touched.add(key);
  if (!inSync && isPart(decoded)) state.sync.parts.push({ decoded, nsid });
  const events = state.introduced ? changes.map((change) => stamp(state, change, at)) : [];
  return { state, events, effects: [] };
}

function isPart(message: DecodedMessage): boolean {
  return message.op === 'newlink' && !isFull(message as LinkMessage);
}

/** Rows by key; of two for one key (a dump that was interrupted) the later one counts. */
function keepRow(sync: Sync, row: DecodedMessage): void {
  const key = rowKey(row);
  if (key !== undefined) sync.rows.set(key, row);
}

function rowKey(row: DecodedMessage): string | undefined {
  if (row.op === 'newlink') {
    const link = row as LinkMessage;
    return isDeviceMessage(link) ? linkKey(undefined, link.header.ifiIndex ?? 0) : undefined;
  }
  if (row.op !== 'newaddr' || !isInternetAddress(row as AddressMessage)) return undefined;
  const { header } = row as AddressMessage;
  const name = addressKey(readAddress(row as AddressMessage));
  return `${linkKey(undefined, header.ifaIndex ?? 0)}/${name}`;
}

function settle(state: WatchState, at: Instant): Step {
  const { sync } = state;
  const { reason, interrupted } = sync;
  const repaired = reconcile(state.mirror, { ...sync, complete: !interrupted });
  for (const { decoded, nsid } of sync.parts) {
    repaired.push(...applyMessage(state.mirror, decoded, { nsid, why: 'resync' }).changes);
  }
  const changes = state.introduced ? repaired : introduce(state.mirror);
  state.phase = 'live';
  state.introduced = true;
  state.sync = newSync('resync');
  const repairs = reason === 'initial' ? 0 : repaired.length;
  const ended = { kind: 'sync-ended', reason, repairs, interrupted } as const;
  const retry = { kind: 'timer', token: state.token, delayMs: retryMs } as const;
  return {
    state,
    events: [...changes, ended].map((event) => stamp(state, event, at)),
    effects: interrupted ? [retry] : [],
  };
}

/** The first look, told: each link, then its addresses. */
function introduce(mirror: Mirror): Change[] {
  return sortedLinks(mirror).flatMap((link) => {
    const first = added(link, 'initial');
    const { nsid, ifindex, generation, ifname, kernel } = link;
    const base = {
      nsid,
      ifindex,
      generation,
      ifname,
      reason: 'initial',
      from: kernel,
      to: kernel,
    } as const;
    const addresses = link.addresses.map(
      (address): Change => ({ ...base, kind: 'address-added', changes: {}, address }),
    );
    return [first, ...addresses];
  });
}

function stamp(state: WatchState, event: Unstamped<WatchEvent>, at: Instant): WatchEvent {
  state.seq += 1;
  return { seq: state.seq, epoch: state.epoch, ...at, ...event } as WatchEvent;
}

function assertNever(input: never): never {
  throw new Error(`unknown input ${JSON.stringify(input)}`);
}
