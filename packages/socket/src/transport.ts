import type { DatagramBatch } from './datagram-batch.js';
import type { SocketError } from './errors.js';

/** What a transport reports to. Calls never nest: a batch ends before the next one begins. */
export interface TransportSink {
  /**
   * Datagrams and overrun notices in the order of the kernel's queue. The batch is the transport's own:
   * it is valid during this call only.
   */
  receive(batch: DatagramBatch): void;
  /** The transport is broken and reads nothing any more. At most once; close it. */
  failed(error: SocketError): void;
}

export interface TransportStats {
  /** Datagrams handed over, cut ones included. */
  readonly received: number;
  readonly receivedBytes: number;
  /** Datagrams of other processes, dropped (K25). */
  readonly foreign: number;
  /** Datagrams that did not fit and were handed over cut, flagged (K26). */
  readonly truncated: number;
  /** Times that the kernel said that it had to drop (K18). */
  readonly overruns: number;
  /** Messages that the kernel dropped because the buffer was full, as far as it says. */
  readonly dropped: number;
  /** Receive buffer as granted, in the kernel's own accounting (memory of messages, not their bytes; K27). */
  readonly rcvbufBytes: number;
}

/**
 * The seam below everything: datagrams in and out. The kernel, a simulator and a recording implement it,
 * so framing, multipart, errors and overruns run in every test. test/transport-contract.ts holds them to
 * the same behaviour.
 */
export interface Transport {
  /** NETLINK_ROUTE, NETLINK_GENERIC … */
  readonly protocol: number;
  /** Our address: replies carry it in nlmsg_pid. */
  readonly portId: number;
  readonly closed: boolean;
  readonly stats: TransportStats;
  /** Begins to read. Once. */
  start(sink: TransportSink): void;
  /**
   * Sends one datagram to the kernel. What the kernel answers at once may reach the sink before this
   * returns; never inside a batch.
   * @throws SyscallError, SocketClosedError
   */
  send(bytes: Uint8Array): void;
  /** Stops reading: messages wait in the kernel, which drops them, and says so, when its buffer is full. */
  pause(): void;
  resume(): void;
  /**
   * Hands over all that the kernel has queued now, paused or not, before it returns.
   * @throws SocketError 'REENTRANT' from inside a batch.
   */
  drain(): void;
  /** Whether reading keeps the process alive; it does at first. */
  ref(): void;
  unref(): void;
  /** Twice is once. The sink hears nothing any more. */
  close(): void;
}

/** What a client asks for when it opens a transport. */
export interface TransportOptions {
  /** Default NETLINK_ROUTE. */
  readonly protocol?: number;
  /** Multicast groups by number; any number of them, above 32 too. */
  readonly groups?: readonly number[];
  /** Receive buffer to ask for, in bytes as setsockopt takes them: 1 to 2^30; default 4 MiB (K27). */
  readonly rcvbufBytes?: number;
  /** Hear all namespaces that have an id here (K33); needs CAP_NET_BROADCAST. */
  readonly allNsid?: boolean;
}

/** Opens a transport: `openKernelTransport`, or a simulator's. */
export type OpenTransport = (options: TransportOptions) => Transport;
