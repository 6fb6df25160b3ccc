/** The public face of @lw/watch. */
export type { AbortSignalLike } from './abort.js';
export type { Clock } from './clock.js';
export { describeEvent } from './describe-event.js';
export { escapeText } from './escape.js';
export type {
  AddressAdded,
  AddressChanged,
  AddressRemoved,
  Changes,
  EventBase,
  LinkAdded,
  LinkChanged,
  LinkDown,
  LinkEvent,
  LinkEventBase,
  LinkFlapped,
  LinkMoved,
  LinkRemoved,
  LinkRenamed,
  LinkUp,
  Overrun,
  Reason,
  SyncEnded,
  SyncStarted,
  WatchEvent,
} from './event.js';
export { eventToJson, linkToJson } from './json.js';
export { isUsable, kernelState, levelOf } from './kernel-state.js';
export type { AddressState, KernelState, Level, LinkState } from './link.js';
export type { LinkWatcher, WatchOptions, WatchStats, WhenOptions } from './link-watcher.js';
export { readLinks } from './read-links.js';
export type { LinkSource, SourceDump, SourceItem, SourceSubscription } from './source.js';
export type { Effect, Input, Instant, Phase, Step, WatchState } from './step.js';
export { initialState, snapshotOf, step } from './step.js';
export { watchLinks } from './watch-links.js';
