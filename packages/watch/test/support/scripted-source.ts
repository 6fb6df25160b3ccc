import type { DecodedMessage, Operation } from '@lw/codec';
import type { LinkSource, SourceDump, SourceItem, SourceSubscription } from '@lw/watch';

/** A source that a test plays: tables to dump, and items to send. */
export class ScriptedSource implements LinkSource {
  readonly tables: { links: DecodedMessage[]; addresses: DecodedMessage[] } = {
    links: [],
    addresses: [],
  };
  groups: readonly number[] = [];
  closed = false;
  dumps = 0;
  failDump: Error | undefined;
  /** Dumps wait for it. */
  hold: Promise<void> | undefined;
  readonly #items: SourceItem[] = [];
  #wake: (() => void) | undefined;
  #error: Error | undefined;

  dump(operation: Operation): SourceDump {
    this.dumps += 1;
    const { failDump } = this;
    const rows = operation.name === 'getlink' ? this.tables.links : this.tables.addresses;
    const collect = async () => {
      await this.hold;
      if (failDump !== undefined) throw failDump;
      return { messages: rows, interrupted: false };
    };
    return {
      collect,
      async *[Symbol.asyncIterator]() {
        yield* (await collect()).messages;
      },
    };
  }

  subscribe(groups: readonly number[]): SourceSubscription {
    this.groups = groups;
    const source = this;
    return {
      mark: (token) => this.send({ kind: 'mark', token }),
      close: () => {
        this.closed = true;
        this.#wake?.();
      },
      async *[Symbol.asyncIterator]() {
        for (;;) {
          const item = await source.#next();
          if (item === undefined) return;
          yield item;
        }
      },
    };
  }

  send(item: SourceItem): void {
    this.#items.push(item);
    this.#wake?.();
  }

  message(message: DecodedMessage): void {
    this.send({ kind: 'message', type: 16, message });
  }

  fail(error: Error): void {
    this.#error = error;
    this.#wake?.();
  }

  get waiting(): number {
    return this.#items.length;
  }

  async #next(): Promise<SourceItem | undefined> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) return item;
      if (this.#error !== undefined) throw this.#error;
      if (this.closed) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
