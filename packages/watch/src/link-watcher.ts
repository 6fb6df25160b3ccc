import type { AbortSignalLike } from './abort.js';
import type { Clock } from './clock.js';
import type { WatchEvent } from './event.js';
import type { LinkState } from './link.js';

export interface WatchOptions {
  readonly clock: Clock;
  /** Names this run in each event. */
  readonly epoch: string;
  /** Ends the watching; the iteration throws the signal's reason. */
  readonly signal?: AbortSignalLike;
  /**
   * Events held for a slow consumer before reading stops; default 65,536. A watcher that nobody iterates goes
   * on without events once so many wait.
   */
  readonly queueLimit?: number;
  /** `false`: nobody takes events, only `snapshot`, `link` and `when` are wanted. */
  readonly events?: boolean;
}

export interface WatchStats {
  /** Events told so far. */
  readonly events: number;
  /** Syncs completed: 1 after the first look. */
  readonly syncs: number;
  readonly overruns: number;
  /** Differences that a resync found and mended. */
  readonly repairs: number;
  /** Notifications that could not be decoded. */
  readonly undecodable: number;
  /** Events that wait for the consumer. */
  readonly queued: number;
}

/** Waits for a state of the links. */
export interface WhenOptions {
  readonly signal?: AbortSignalLike;
}

/** Watches links: an endless iteration of events, with the present state beside it. */
export interface LinkWatcher extends AsyncIterable<WatchEvent> {
  /** Resolves after the first look; rejects when the source fails before. */
  readonly ready: Promise<void>;
  /** Links as they are known now, by namespace and index. */
  snapshot(): readonly LinkState[];
  /** A link of our own namespace by name, alternative name or index. */
  link(nameOrIndex: string | number): LinkState | undefined;
  /** Resolves with the links as soon as they are as wanted, at once if they are already. */
  when(
    predicate: (links: readonly LinkState[]) => boolean,
    options?: WhenOptions,
  ): Promise<readonly LinkState[]>;
  readonly stats: WatchStats;
  /** Ends the iteration. Twice is once. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
