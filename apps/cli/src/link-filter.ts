import { escapeText, type LinkEvent, type WatchEvent } from '@lw/watch';

/**
 * Lets through what a user asked to see. What concerns the watching itself (overrun, sync) always passes.
 * It learns alternative names from the events, so it is asked about every one, from the first look on.
 */
export class LinkFilter {
  readonly #words: ReadonlySet<string>;
  /** Alternative names by namespace and index. */
  readonly #altnames = new Map<string, readonly string[]>();

  constructor(words: readonly string[]) {
    this.#words = new Set(words);
  }

  lets(event: WatchEvent): boolean {
    if (this.#words.size === 0 || !('ifindex' in event)) return true;
    const names = [...ownNames(event), ...this.#alternatives(event), `${event.ifindex}`];
    return names.some((name) => this.#words.has(name) || this.#words.has(escapeText(name)));
  }

  /** The alternative names before and after the event. */
  #alternatives(event: LinkEvent): readonly string[] {
    const key = `${event.nsid}/${event.ifindex}`;
    const before = this.#altnames.get(key) ?? [];
    if (event.kind === 'link-removed' || event.kind === 'link-moved') {
      this.#altnames.delete(key);
      return before;
    }
    const after = newAltnames(event);
    if (after === undefined) return before;
    this.#altnames.set(key, after);
    return [...before, ...after];
  }
}

function newAltnames(event: LinkEvent): readonly string[] | undefined {
  if (event.kind === 'link-added') return event.link.altnames;
  return event.changes.altnames?.[1] as readonly string[] | undefined;
}

/** The name now and, in an event that renames, the one before. */
function ownNames({ ifname, changes }: LinkEvent): readonly string[] {
  const before = changes.ifname?.[0];
  return typeof before === 'string' ? [ifname, before] : [ifname];
}
