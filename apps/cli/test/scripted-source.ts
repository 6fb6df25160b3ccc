import type { DecodedMessage } from '@lw/codec';
import type { SourceItem } from '@lw/watch';
import type { KernelSource, SourceOptions } from '../src/kernel-source.js';

/** What a scripted kernel holds and lets happen. */
export interface Script {
  readonly links: readonly DecodedMessage[];
  readonly addresses?: readonly DecodedMessage[];
  /** Notifications after the first look. */
  readonly items?: readonly SourceItem[];
  /** Both dumps are said to be a blend. */
  readonly interrupted?: boolean;
  /** Thrown by the dumps. */
  readonly failure?: Error;
}

export interface ScriptedSource extends KernelSource {
  readonly closed: boolean;
  readonly options: SourceOptions;
}

const upFlags = 0x1_1043; // IFF_UP, BROADCAST, RUNNING, MULTICAST, LOWER_UP

/** A link as the kernel's dump shows it; `attrs` win over what is usual. */
export function linkRow(ifindex: number, ifname: string, attrs: object = {}): DecodedMessage {
  const usual = { ifname, mtu: 1500, operstate: 6, txqlen: 1000, carrier: 1, qdisc: 'noqueue' };
  const { ifiFlags = upFlags, ...rest } = attrs as { ifiFlags?: number };
  return {
    op: 'newlink',
    header: { ifiFamily: 0, ifiType: 1, ifiIndex: ifindex, ifiFlags, ifiChange: 0 },
    attrs: { ...usual, address: `02:00:00:00:00:0${ifindex}`, ...rest },
  };
}

/** An address as the kernel's dump shows it. */
export function addressRow(ifindex: number, address: string, prefix: number): DecodedMessage {
  const family = address.includes(':') ? 10 : 2;
  return {
    op: 'newaddr',
    header: {
      ifaFamily: family,
      ifaPrefixlen: prefix,
      ifaFlags: 128,
      ifaScope: 0,
      ifaIndex: ifindex,
    },
    attrs: { address, local: family === 2 ? address : undefined, flags: 128 },
  };
}

/** An address with another end: IFA_LOCAL is ours then, and IFA_ADDRESS the peer's. */
export function peerRow(ifindex: number, local: string, peer: string): DecodedMessage {
  const row = addressRow(ifindex, local, 32);
  return { ...row, attrs: { ...row.attrs, address: peer } };
}

/** A notification. */
export function told(message: DecodedMessage): SourceItem {
  return { kind: 'message', type: message.op.startsWith('new') ? 16 : 17, message };
}

/** A kernel that plays a script, and whose notifications stay open after it. */
export function scriptedSource(script: Script, options: SourceOptions = {}): ScriptedSource {
  let closed = false;
  const pushed: SourceItem[] = [];
  let wake: () => void = () => {};
  let marks = 0;
  const push = (item: SourceItem): void => {
    pushed.push(item);
    wake();
  };
  async function* items(): AsyncGenerator<SourceItem> {
    while (!closed) {
      const item = pushed.shift();
      if (item !== undefined) yield item;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  return {
    options,
    get closed() {
      return closed;
    },
    dump(operation) {
      const messages = operation.name === 'getlink' ? script.links : (script.addresses ?? []);
      const collect = async () => {
        if (script.failure !== undefined) throw script.failure;
        return { messages, interrupted: script.interrupted === true };
      };
      return { collect, [Symbol.asyncIterator]: () => iterate(messages) };
    },
    subscribe: () => ({
      [Symbol.asyncIterator]: items,
      mark(token) {
        push({ kind: 'mark', token });
        marks += 1;
        // The second mark ends the first look: then the script plays.
        if (marks === 2) for (const item of script.items ?? []) push(item);
      },
      close: () => {
        closed = true;
        wake();
      },
    }),
    async getLink(ifindex) {
      const row = script.links.find(({ header }) => header.ifiIndex === ifindex) as DecodedMessage;
      const stats64 = {
        rxBytes: 1200n,
        rxPackets: 10n,
        rxErrors: 0n,
        txBytes: 2n ** 60n,
        rxCrcErrors: 3n,
      };
      return { ...row, attrs: { ...row.attrs, stats64 } };
    },
    async close() {
      closed = true;
      wake();
    },
  };
}

async function* iterate<T>(rows: readonly T[]): AsyncGenerator<T> {
  yield* rows;
}
