import {
  type DecodedMessage,
  type DecodeError,
  decodeAt,
  EncodeError,
  encodeRequest,
  type Families,
  NETLINK_ROUTE,
  type NetlinkMessage,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  type Operation,
  type OperationTypes,
  type RequestBody,
} from '@lw/codec';
import { routeFamilies } from '@lw/codec/families/route';
import { BufferedDump, type Dump, type DumpSource, readDump } from './dump.js';
import { DumpInterruptedError, SocketClosedError } from './errors.js';
import { openKernelTransport } from './kernel-transport.js';
import { type CallOptions, defaultTimeoutMs, type Limits, startLimits } from './limits.js';
import type { MessageAt } from './message-walk.js';
import { copyMessage, rawRequest } from './raw-request.js';
import { type NetlinkWarning, refusal, warningOf } from './refusal.js';
import { type Exchange, RequestChannel } from './request-channel.js';
import { addStats, type ClientStats, noStats } from './stats.js';
import { StreamedDump } from './streamed-dump.js';
import { type SubscribeOptions, Subscription } from './subscription.js';
import type { OpenTransport, Transport } from './transport.js';
import { Waits } from './waits.js';

export interface NetlinkClientOptions {
  /** Where datagrams go; default: the running kernel. */
  readonly openTransport?: OpenTransport;
  /** Deadline of a call that names none, in ms; default 30 s. */
  readonly timeoutMs?: number;
  /** Families of subscriptions that name none; default: those of rtnetlink. */
  readonly families?: Families;
  /** Receive buffer to ask for on every socket, in bytes; default 4 MiB (K27). */
  readonly rcvbufBytes?: number;
  /**
   * Hears the kernel's remarks on requests that it did (K21). What it throws is an uncaught exception, not
   * the failure of the request.
   */
  readonly onWarning?: (warning: NetlinkWarning) => void;
}

/** An operation's request. */
export interface RequestOptions<T extends OperationTypes> extends RequestBody<T>, CallOptions {
  /** NLM_F_CREATE, NLM_F_EXCL …; NLM_F_REQUEST and NLM_F_ACK or NLM_F_DUMP are added. */
  readonly flags?: number;
  /** Run-time family id, for generic netlink. */
  readonly type?: number;
}

export interface DumpOptions<T extends OperationTypes> extends RequestOptions<T> {
  /** Rows as they arrive, from one attempt, on a socket of its own; see {@link Dump}. Default false. */
  readonly stream?: boolean;
}

export interface RawOptions extends CallOptions {
  /** The request is a dump: it ends with NLMSG_DONE and waits for its turn. Default false. */
  readonly dump?: boolean;
  /** Default NETLINK_ROUTE. */
  readonly protocol?: number;
}

/** A reply of operation T. */
export type Reply<T extends OperationTypes> = DecodedMessage<T['replyHeader'], T['replyAttrs']>;

/**
 * Requests, dumps and notifications of netlink. Sockets are opened at first use: one for the requests of
 * a protocol, one for each subscription, so that an overrun of events never loses a reply (K24).
 * Every promise settles: by an answer, its deadline, its signal, or `close`.
 */
export class NetlinkClient {
  readonly #options: NetlinkClientOptions;
  readonly #open: OpenTransport;
  readonly #waits = new Waits();
  readonly #channels = new Map<number, RequestChannel>();
  readonly #streams = new Set<RequestChannel>();
  readonly #subscriptions = new Set<Subscription>();
  #closedStats: ClientStats = noStats;
  #decodeErrors = 0;
  #closed = false;

  constructor(options: NetlinkClientOptions = {}) {
    this.#options = options;
    this.#open = options.openTransport ?? openKernelTransport;
  }

  /** Totals over all sockets of this client, closed ones included. */
  get stats(): ClientStats {
    let stats = { ...this.#closedStats };
    for (const channel of [...this.#channels.values(), ...this.#streams]) {
      stats = addStats(stats, { ...channel.transport.stats, late: channel.late });
    }
    for (const subscription of this.#subscriptions) stats = addStats(stats, subscription.stats);
    return { ...stats, decodeErrors: stats.decodeErrors + this.#decodeErrors };
  }

  /**
   * One request; many may be under way. Resolves with the replies when the kernel acknowledges (K22).
   * Rejects with NetlinkError (refused), RequestTimeoutError, the signal's reason, SocketClosedError,
   * EncodeError, SyscallError, or SocketError 'TRUNCATED' or 'REPLY_LOST'.
   */
  async do<T extends OperationTypes>(
    op: Operation<T>,
    request: RequestOptions<T> = {},
  ): Promise<Reply<T>[]> {
    const flags = NLM_F_REQUEST | NLM_F_ACK | extraFlags(request.flags);
    const replies: Reply<T>[] = [];
    await this.#acknowledged(op.family.protocol, op, {
      op: op.name,
      dump: false,
      limits: this.#limits(request),
      encode: (seq, portId) => encodeRequest(op, { ...body(request), flags, seq, portId }),
      onReply: (message) => replies.push(this.#decode(op, message, [])),
    });
    return replies;
  }

  /**
   * A whole table. By default it is read again until it was read without a change, with growing pauses,
   * until the deadline; then it is given with `interrupted: true` (K20).
   */
  dump<T extends OperationTypes>(op: Operation<T>, request: DumpOptions<T> = {}): Dump<Reply<T>> {
    const open = (channel: RequestChannel): DumpSource<Reply<T>> => ({
      op: op.name,
      operation: op,
      channel,
      waits: this.#waits,
      limits: this.#limits(request),
      encode: (seq, portId) =>
        encodeRequest(op, {
          ...body(request),
          flags: NLM_F_REQUEST | NLM_F_DUMP | extraFlags(request.flags),
          seq,
          portId,
        }),
      decode: (message, problems) => this.#decode(op, message, problems),
    });
    const { protocol } = op.family;
    return request.stream === true
      ? new StreamedDump(() => open(this.#openStream(protocol)))
      : new BufferedDump(() => open(this.#channel(protocol)));
  }

  /**
   * Joins multicast groups by number, on a socket of its own. Needs no privileges for rtnetlink (K32).
   * @throws SyscallError when the kernel refuses, SocketClosedError.
   */
  subscribe(groups: readonly number[], options: SubscribeOptions = {}): Subscription {
    const { families, queueLimit, signal, ...opening } = options;
    const transport = this.#openTransport({ ...opening, groups });
    const handling = {
      families: families ?? this.#options.families ?? routeFamilies,
      ...(queueLimit === undefined ? {} : { queueLimit }),
      ...(signal === undefined ? {} : { signal }),
    };
    const subscription = new Subscription(transport, handling, (closed) => {
      this.#closedStats = addStats(this.#closedStats, closed.stats);
      this.#subscriptions.delete(closed);
    });
    if (!transport.closed) this.#subscriptions.add(subscription);
    return subscription;
  }

  /**
   * One message as bytes, header included; its seq and port id are filled in, and NLM_F_REQUEST and
   * NLM_F_ACK, or NLM_F_DUMP, added. Gives copies of the replies. Rejects as `do` does, and with
   * DumpInterruptedError when a dump stays interrupted until the deadline.
   */
  async request(bytes: Uint8Array, options: RawOptions = {}): Promise<NetlinkMessage[]> {
    const dump = options.dump === true;
    const raw = rawRequest(bytes, NLM_F_REQUEST | (dump ? NLM_F_DUMP : NLM_F_ACK));
    const limits = this.#limits(options);
    const protocol = options.protocol ?? NETLINK_ROUTE;
    const op = 'request';
    if (dump) return this.#rawDump(raw, limits, protocol);
    const replies: NetlinkMessage[] = [];
    const onReply = (message: MessageAt) => replies.push(copyMessage(message));
    await this.#acknowledged(protocol, undefined, { op, dump, limits, encode: raw, onReply });
    return replies;
  }

  /** Closes all sockets and settles every promise: calls with SocketClosedError, iterations by their end. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const subscription of [...this.#subscriptions]) subscription.close();
    this.#waits.close(new SocketClosedError('request'));
    for (const channel of [...this.#channels.values(), ...this.#streams]) channel.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #acknowledged(
    protocol: number,
    operation: Operation | undefined,
    exchange: Exchange,
  ): Promise<void> {
    const { ack, request } = await this.#channel(protocol).exchange(exchange);
    if (ack === undefined) return;
    const { op } = exchange;
    if (ack.errno !== 0) {
      throw refusal({ op, request, ...(operation === undefined ? {} : { operation }) }, ack);
    }
    const warning = warningOf(op, ack);
    if (warning !== undefined) this.#warn(warning);
  }

  /** A listener that throws is its program's uncaught exception: the kernel did the request. */
  #warn(warning: NetlinkWarning): void {
    try {
      this.#options.onWarning?.(warning);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  async #rawDump(
    encode: (seq: number) => Uint8Array,
    limits: Limits,
    protocol: number,
  ): Promise<NetlinkMessage[]> {
    const op = 'request';
    const channel = this.#channel(protocol);
    const source = { op, limits, channel, waits: this.#waits, encode, decode: copyMessage };
    const { messages, interrupted, attempts } = await readDump(source);
    if (interrupted) throw new DumpInterruptedError(op, attempts);
    return [...messages];
  }

  /** Attributes that do not decode are kept raw and counted; a message of no known kind throws. */
  #decode<T extends OperationTypes>(
    op: Operation<T>,
    { source, at, end, datagramAt }: MessageAt,
    problems: DecodeError[],
  ): Reply<T> {
    const before = problems.length;
    const decoded = decodeAt(op.family, source, at, end, { problems, base: -datagramAt });
    this.#decodeErrors += problems.length - before;
    return decoded as Reply<T>;
  }

  #limits(options: CallOptions): Limits {
    return startLimits(options, this.#options.timeoutMs ?? defaultTimeoutMs);
  }

  #channel(protocol: number): RequestChannel {
    const known = this.#channels.get(protocol);
    if (known !== undefined && !known.transport.closed) return known;
    const channel = new RequestChannel(this.#openTransport({ protocol }), this.#waits);
    if (known !== undefined) this.#retire(known); // it broke: the next call gets a new one
    this.#channels.set(protocol, channel);
    return channel;
  }

  #openStream(protocol: number): RequestChannel {
    for (const old of this.#streams) if (old.transport.closed) this.#retire(old);
    const channel = new RequestChannel(this.#openTransport({ protocol }), this.#waits);
    this.#streams.add(channel);
    return channel;
  }

  #retire(channel: RequestChannel): void {
    const { stats } = channel.transport;
    this.#closedStats = addStats(this.#closedStats, { ...stats, late: channel.late });
    this.#streams.delete(channel);
  }

  #openTransport(options: Parameters<OpenTransport>[0]): Transport {
    if (this.#closed) throw new SocketClosedError('open');
    const { rcvbufBytes } = this.#options;
    return this.#open({ ...(rcvbufBytes === undefined ? {} : { rcvbufBytes }), ...options });
  }
}

/** What encodeRequest takes of the caller's options. */
function body<T extends OperationTypes>(
  request: RequestOptions<T>,
): RequestBody<T> & { readonly type?: number } {
  const { header, attrs, unknown, type } = request;
  return {
    ...(unknown === undefined ? {} : { unknown }),
    ...(header === undefined ? {} : { header }),
    ...(attrs === undefined ? {} : { attrs }),
    ...(type === undefined ? {} : { type }),
  };
}

/** Bits of `nlmsg_flags`. */
const maxFlags = 0xffff;

/** Checked before they are joined with ours: `|` makes a 0 of names and of NaN, and of -1 every bit. */
function extraFlags(flags: unknown = 0): number {
  if (typeof flags === 'number' && Number.isInteger(flags) && flags >= 0 && flags <= maxFlags)
    return flags;
  const reason = `NLM_F_* joined by | are wanted, not ${JSON.stringify(flags) ?? String(flags)}`;
  throw new EncodeError('OUT_OF_RANGE', 'flags', reason);
}
