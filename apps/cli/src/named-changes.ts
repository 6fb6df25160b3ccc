import type { Changes, WatchEvent } from '@lw/watch';

/**
 * Remembers what links are called, so that a change of master or lower reads as names, as they were when
 * it happened. The events of the first look teach it, so it is asked about every event, shown or not.
 */
export class NamedChanges {
  readonly #names = new Map<number, string>();

  /** The same event with names in the place of indexes, as far as they are known. */
  of(event: WatchEvent): WatchEvent {
    if (!('ifindex' in event)) return event;
    // Indexes count for each namespace: only those of our own are ours to name.
    if (event.nsid === undefined) this.#names.set(event.ifindex, event.ifname);
    const { master, lower, lowerNsid } = event.changes;
    const changes: Changes = {
      ...event.changes,
      ...(master === undefined ? {} : { master: this.#pair(master) }),
      ...(lower === undefined || lowerNsid !== undefined ? {} : { lower: this.#pair(lower) }),
    };
    return { ...event, changes };
  }

  #pair([before, after]: readonly [unknown, unknown]): readonly [unknown, unknown] {
    return [this.#name(before), this.#name(after)];
  }

  #name(ifindex: unknown): unknown {
    return typeof ifindex === 'number' ? (this.#names.get(ifindex) ?? ifindex) : ifindex;
  }
}
