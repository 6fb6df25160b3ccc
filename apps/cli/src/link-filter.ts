import { escapeText, type LinkEvent, type LinkState, type WatchEvent } from '@lw/watch';

/** What the filter asks the watcher: a link of its index. */
interface Links {
  link(ifindex: number): LinkState | undefined;
}

/**
 * Lets through what a user asked to see. What concerns the watching itself (overrun, sync) always passes.
 * It has a memory: a link that is gone cannot be asked for its alternative names any more.
 */
export class LinkFilter {
  readonly #words: ReadonlySet<string>;
  /** Alternative names by index and generation. */
  readonly #altnames = new Map<string, readonly string[]>();

  constructor(words: readonly string[]) {
    this.#words = new Set(words);
  }

  lets(event: WatchEvent, links: Links): boolean {
    if (this.#words.size === 0 || !('ifindex' in event)) return true;
    const names = [...ownNames(event), ...this.#alternatives(event, links), `${event.ifindex}`];
    return names.some((name) => this.#words.has(name) || this.#words.has(escapeText(name)));
  }

  #alternatives(event: LinkEvent, links: Links): readonly string[] {
    const key = `${event.nsid}/${event.ifindex}/${event.generation}`;
    const known = this.#altnames.get(key) ?? [];
    if (event.kind === 'link-removed' || event.kind === 'link-moved') {
      this.#altnames.delete(key);
      return known;
    }
    const link = event.kind === 'link-added' ? event.link : links.link(event.ifindex);
    const now = link?.generation === event.generation ? link.altnames : known;
    if (now.length > 0) this.#altnames.set(key, now);
    return [...known, ...now];
  }
}

/** The name now and, in an event that renames, the one before. */
function ownNames({ ifname, changes }: LinkEvent): readonly string[] {
  const before = changes.ifname?.[0];
  return typeof before === 'string' ? [ifname, before] : [ifname];
}
