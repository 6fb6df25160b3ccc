/**
 * A kernel as small as the question: links, addresses, a dump that reads a few rows at a time, and an event
 * queue that overruns as netlink_overrun and netlink_rcv_wake do it. Once a message does not fit, all are
 * dropped until the queue was read empty, and the reader hears of it before the older messages (K18).
 */
import {
  type DecodedMessage,
  IF_OPER_DOWN,
  IF_OPER_UP,
  IFA_F_PERMANENT,
  IFA_F_TENTATIVE,
} from '@lw/codec';
import { type AddressParts, delAddress, newAddress, newLink, up, upFlags } from './messages.ts';

interface ModelLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly mac: string;
  readonly mtu: number;
  readonly admin: boolean;
  readonly carrier: boolean;
  readonly master: number | undefined;
  readonly downs: number;
}

export type KernelItem =
  | { readonly kind: 'message'; readonly message: DecodedMessage }
  | { readonly kind: 'overrun' };

/** A change of a link that stays. The kernel tells it even where nothing differs (K10). */
type Change =
  | { readonly do: 'rename'; readonly index: number; readonly name: number }
  | { readonly do: 'mtu'; readonly index: number; readonly mtu: number }
  | { readonly do: 'admin'; readonly index: number }
  | { readonly do: 'carrier'; readonly index: number }
  | { readonly do: 'master'; readonly index: number; readonly master: number | undefined };

/** What happens to a link; `index` picks it. */
export type Action =
  | Change
  | { readonly do: 'add'; readonly index: number; readonly name: number }
  | { readonly do: 'delete'; readonly index: number }
  /** deleted, and another device made with its index at once (K7) */
  | { readonly do: 'reuse'; readonly index: number; readonly name: number }
  | { readonly do: 'address-add'; readonly index: number; readonly host: number }
  | { readonly do: 'address-usable'; readonly index: number; readonly host: number }
  | { readonly do: 'address-delete'; readonly index: number; readonly host: number };

export class ModelKernel {
  readonly #links = new Map<number, ModelLink>();
  /** By index, then by address: is it tentative? */
  readonly #addresses = new Map<number, Map<string, boolean>>();
  readonly #queue: KernelItem[] = [];
  readonly #queueLimit: number;
  #congested = false;
  #macs = 0;

  constructor(queueLimit: number) {
    this.#queueLimit = queueLimit;
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** The next item of the event socket. */
  receive(): KernelItem | undefined {
    const item = this.#queue.shift();
    if (this.#queue.length === 0) this.#congested = false;
    return item;
  }

  /** Up to `count` rows of links above index `after`, as they are at this moment. */
  linkRows(after: number = -1, count: number = Number.POSITIVE_INFINITY): DecodedMessage[] {
    const links = [...this.#links.values()].filter(({ ifindex }) => ifindex > after);
    links.sort((a, b) => a.ifindex - b.ifindex);
    return links.slice(0, count).map(rowOf);
  }

  addressRows(after: number = -1, links: number = Number.POSITIVE_INFINITY): DecodedMessage[] {
    const holders = [...this.#addresses].filter(
      ([ifindex, { size }]) => ifindex > after && size > 0,
    );
    holders.sort(([a], [b]) => a - b);
    return holders
      .slice(0, links)
      .flatMap(([ifindex, addresses]) =>
        [...addresses].map(([text, tentative]) => newAddress(addressOf(ifindex, text, tentative))),
      );
  }

  act(action: Action): void {
    const link = this.#links.get(action.index);
    if (action.do === 'add') {
      if (link === undefined) this.#add(action);
      return;
    }
    if (link === undefined) return;
    switch (action.do) {
      case 'delete':
        this.#delete(link);
        return;
      case 'reuse':
        this.#delete(link);
        this.#add(action);
        return;
      case 'address-add':
      case 'address-usable':
      case 'address-delete':
        this.#actOnAddress(action.do, link.ifindex, `2001:db8::${action.host.toString(16)}`);
        return;
      default:
        this.#put(this.#changed(link, action));
    }
  }

  #changed(link: ModelLink, action: Change): ModelLink {
    switch (action.do) {
      case 'rename':
        return this.#isFree(action.name) ? { ...link, ifname: `l${action.name}` } : link;
      case 'mtu':
        return { ...link, mtu: action.mtu };
      case 'admin':
        return { ...link, admin: !link.admin };
      case 'carrier':
        return { ...link, carrier: !link.carrier, downs: link.downs + (link.carrier ? 1 : 0) };
      case 'master':
        return { ...link, master: action.master };
    }
  }

  #add({ index, name }: { readonly index: number; readonly name: number }): void {
    if (!this.#isFree(name)) return;
    this.#macs += 1;
    const mac = `02:00:00:00:00:${(0x10 + this.#macs).toString(16)}`;
    const state = { mtu: 1500, admin: true, carrier: true, master: undefined, downs: 0 };
    this.#put({ ifindex: index, ifname: `l${name}`, mac, ...state });
  }

  #isFree(name: number): boolean {
    return ![...this.#links.values()].some(({ ifname }) => ifname === `l${name}`);
  }

  #put(link: ModelLink): void {
    this.#links.set(link.ifindex, link);
    this.#tell(rowOf(link));
  }

  #delete(link: ModelLink): void {
    // NETDEV_UNREGISTER first: inetdev_destroy and addrconf_ifdown tell of each address.
    for (const text of [...(this.#addresses.get(link.ifindex)?.keys() ?? [])]) {
      this.#actOnAddress('address-delete', link.ifindex, text);
    }
    this.#addresses.delete(link.ifindex);
    this.#links.delete(link.ifindex);
    this.#tell({ ...rowOf(link), op: 'dellink' });
  }

  #actOnAddress(what: Action['do'], ifindex: number, text: string): void {
    const known = this.#addresses.get(ifindex) ?? new Map<string, boolean>();
    this.#addresses.set(ifindex, known);
    const before = known.get(text);
    if ((what === 'address-add') !== (before === undefined)) return;
    if (what === 'address-delete') known.delete(text);
    else known.set(text, what === 'address-add');
    const parts = addressOf(ifindex, text, known.get(text) ?? false);
    this.#tell(what === 'address-delete' ? delAddress(parts) : newAddress(parts));
  }

  #tell(message: DecodedMessage): void {
    if (this.#congested) return;
    if (this.#queue.length < this.#queueLimit) {
      this.#queue.push({ kind: 'message', message });
      return;
    }
    this.#congested = true;
    this.#queue.unshift({ kind: 'overrun' });
  }
}

function rowOf(link: ModelLink): DecodedMessage {
  const { ifindex, ifname, mac, mtu, master, downs } = link;
  const isUp = link.admin && link.carrier;
  const attrs = {
    mtu,
    ...(master === undefined ? {} : { master }),
    address: mac,
    carrier: link.carrier ? 1 : 0,
    carrierUpCount: downs + (link.carrier ? 1 : 0),
    carrierDownCount: downs,
  };
  const flags = isUp ? upFlags : link.admin ? up : 0;
  const operstate = isUp ? IF_OPER_UP : IF_OPER_DOWN;
  return newLink({ ifindex, ifname, flags, operstate, attrs });
}

function addressOf(ifindex: number, text: string, tentative: boolean): AddressParts {
  const flags = tentative ? IFA_F_TENTATIVE | IFA_F_PERMANENT : IFA_F_PERMANENT;
  return { ifindex, address: text, flags };
}
