import type { AddressState, LinkState } from './link.js';

/** Why an event came. */
export type Reason =
  /** the first look */
  | 'initial'
  /** found by reading again after loss */
  | 'resync'
  | 'carrier'
  | 'admin'
  | 'lower'
  | 'rename'
  | 'address'
  | 'namespace'
  | 'created'
  | 'deleted'
  | 'change';

/** Old and new value of each field that differs. Absent values are undefined (null in JSON). */
export type Changes = Readonly<Record<string, readonly [unknown, unknown]>>;

/** What every event carries. */
export interface EventBase {
  /** Counts by one, without gaps, within an epoch. */
  readonly seq: number;
  /** Names one run of a watcher; a seq means nothing in another. */
  readonly epoch: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  /** Monotonic nanoseconds, for differences. */
  readonly monotonicNs: bigint;
}

/** What every event about a link carries. */
export interface LinkEventBase extends EventBase {
  readonly nsid: number | undefined;
  readonly ifindex: number;
  readonly generation: number;
  readonly ifname: string;
  readonly reason: Reason;
  /** Kernel state before and after; equal where the event is about something else. */
  readonly from: LinkState['kernel'] | 'absent';
  readonly to: LinkState['kernel'] | 'absent';
  readonly changes: Changes;
}

export interface LinkAdded extends LinkEventBase {
  readonly kind: 'link-added';
  readonly link: LinkState;
}
export interface LinkRemoved extends LinkEventBase {
  readonly kind: 'link-removed';
}
/** The link went to another namespace (K7). */
export interface LinkMoved extends LinkEventBase {
  readonly kind: 'link-moved';
  /** Namespace id and index it has there, as far as the kernel says. */
  readonly newNsid: number | undefined;
  readonly newIfindex: number | undefined;
}
export interface LinkRenamed extends LinkEventBase {
  readonly kind: 'link-renamed';
}
/** Fields other than the name changed, or the kernel state did between two that are not up. */
export interface LinkChanged extends LinkEventBase {
  readonly kind: 'link-changed';
}
/** The kernel state became up. */
export interface LinkUp extends LinkEventBase {
  readonly kind: 'link-up';
}
/** The kernel state was up and is not any more. */
export interface LinkDown extends LinkEventBase {
  readonly kind: 'link-down';
}
/** The carrier went and came back unseen: told by the kernel's counters (K1). */
export interface LinkFlapped extends LinkEventBase {
  readonly kind: 'link-flapped';
  /** Losses of the carrier that no event showed. */
  readonly hidden: number;
}

export interface AddressAdded extends LinkEventBase {
  readonly kind: 'address-added';
  readonly address: AddressState;
}
export interface AddressChanged extends LinkEventBase {
  readonly kind: 'address-changed';
  readonly address: AddressState;
}
export interface AddressRemoved extends LinkEventBase {
  readonly kind: 'address-removed';
  readonly address: AddressState;
}

export interface SyncStarted extends EventBase {
  readonly kind: 'sync-started';
  readonly reason: 'initial' | 'resync';
}
export interface SyncEnded extends EventBase {
  readonly kind: 'sync-ended';
  readonly reason: 'initial' | 'resync';
  /** Objects that the mirror had wrong and has right now; 0 at the first look. */
  readonly repairs: number;
  /** The tables changed while they were read, each time until the limit: the data may be a blend (K20). */
  readonly interrupted: boolean;
  /** Overruns in this sync: the first is told when it comes, the rest only here. */
  readonly overruns: number;
}
/** The kernel dropped notifications: the mirror is stale until the next sync-ended (K18). */
export interface Overrun extends EventBase {
  readonly kind: 'overrun';
}

export type LinkEvent =
  | LinkAdded
  | LinkRemoved
  | LinkMoved
  | LinkRenamed
  | LinkChanged
  | LinkUp
  | LinkDown
  | LinkFlapped
  | AddressAdded
  | AddressChanged
  | AddressRemoved;

export type WatchEvent = LinkEvent | SyncStarted | SyncEnded | Overrun;
