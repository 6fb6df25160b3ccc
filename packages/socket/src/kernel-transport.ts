import { AsyncResource } from 'node:async_hooks';
import { NETLINK_ROUTE } from '@lw/codec';
import {
  type DatagramBatch,
  DETAIL,
  FLAG_FAILED,
  FLAG_TRUNCATED,
  FLAGS,
  recordColumns,
} from './datagram-batch.js';
import { SocketClosedError, SocketError } from './errors.js';
import { integerOption } from './integer-option.js';
import { type NativeSocket, type NativeStats, nativeBinding } from './native-binding.js';
import { joinGroups, listenAllNsid, setAckOptions, setReceiveBuffer } from './socket-options.js';
import { syscallError, toSyscallError } from './syscall-error.js';
import type { Transport, TransportOptions, TransportSink, TransportStats } from './transport.js';

/** Asked for by default: 1,000 small events can take 4 MiB of the kernel's memory (K27). */
const defaultRcvbufBytes = 4 * 1024 * 1024;
/** Offered to every recvmsg: the kernel never makes larger dump chunks, and smaller ones cost (K26). */
const minReceiveBytes = 32 * 1024;
/** One turn of the loop reads this much at most: about 5 ms of decoding (NATIVE 1.3). */
const defaultSlabBytes = 256 * 1024;
/** A single message beyond this would be a kernel fault; the buffer does not follow it. */
const maxReceiveBytes = 16 * 1024 * 1024;
/** Offsets in a slab are int32, and more than this in one turn would hold the loop for a second. */
const maxSlabBytes = 64 * 1024 * 1024;
/** Datagrams begin at multiples of this in the slab (native/receive_batch.cc). */
const slabAlignmentBytes = 8;
/** Rows for a slab of small events: 224 KiB hold about 3,000 route events, 100 link events. */
const recordsPerBatch = 2048;
/** No queued message is charged less to the receive buffer: sizeof(struct sk_buff) plus overhead, 64 bit. */
const minChargeBytes = 512;

/** Options of a kernel socket beyond those of every transport. */
export interface KernelTransportOptions extends TransportOptions {
  /** Smallest receive length in bytes, to 16 MiB; default 32 KiB, and less counts as that (K26). */
  readonly receiveBytes?: number;
  /** Slab in bytes, at least `receiveBytes`; to 64 MiB; default 256 KiB. Rounded up to a multiple of 8. */
  readonly slabBytes?: number;
  /** Takes a smaller `receiveBytes` as it stands: for tests of cut datagrams. Default false. */
  readonly allowCuts?: boolean;
}

/**
 * Opens a netlink socket to the running kernel, in the network namespace of the process. Needs no
 * privileges (K32), except for `allNsid` and some groups.
 * @throws SyscallError when the kernel refuses; SocketError 'BAD_OPTION', or without Linux or a native
 * binding.
 */
export function openKernelTransport(options: KernelTransportOptions = {}): Transport {
  return new KernelTransport(options);
}

class KernelTransport implements Transport {
  readonly protocol: number;
  readonly portId: number;
  readonly #socket: NativeSocket;
  readonly #rcvbufBytes: number;
  readonly #batch: { count: number; slab: Uint8Array; records: Int32Array };
  readonly #slabBytes: number;
  #receiveBytes: number;
  #sink: TransportSink | undefined;
  #paused = false;
  #dispatching = false;
  #closed = false;
  #last: NativeStats | undefined;

  constructor(options: KernelTransportOptions) {
    this.protocol = integerOption({
      name: 'protocol',
      value: options.protocol ?? NETLINK_ROUTE,
      min: 0,
      max: maxProtocol,
      cure: 'NETLINK_ROUTE, NETLINK_GENERIC and their kin',
    });
    this.#receiveBytes = receiveLength(options);
    this.#slabBytes = slabLength(options);
    this.#batch = { count: 0, slab: new Uint8Array(0), records: new Int32Array(0) };
    this.#socket = openSocket(this.protocol);
    try {
      this.#rcvbufBytes = setReceiveBuffer(this.#socket, options.rcvbufBytes ?? defaultRcvbufBytes);
      setAckOptions(this.#socket);
      this.portId = this.#socket.bind();
      if (options.allNsid === true) listenAllNsid(this.#socket);
      joinGroups(this.#socket, options.groups ?? []);
    } catch (thrown) {
      this.#socket.close();
      throw toSyscallError(thrown, 'open a netlink socket');
    }
    this.#installBuffers();
    // The native context carries async_hooks alone; from Node 24 on AsyncLocalStorage has a way of its own.
    this.#socket.onBatch = AsyncResource.bind((count: number) => this.#dispatch(count));
  }

  get closed(): boolean {
    return this.#closed;
  }

  get stats(): TransportStats {
    const { dropped, ...counted } = this.#last ?? this.#socket.stats();
    return { ...counted, dropped: dropped ?? 0, rcvbufBytes: this.#rcvbufBytes };
  }

  start(sink: TransportSink): void {
    this.#assertOpen('start');
    this.#sink = sink;
    if (!this.#paused) this.#socket.start();
  }

  send(bytes: Uint8Array): void {
    this.#assertOpen('send');
    // The kernel has answered when sendto returns; not from inside a batch, whose slab is in use.
    const readNow = this.#sink !== undefined && !this.#paused && !this.#dispatching;
    let count = 0;
    try {
      count = this.#socket.send(bytes, readNow);
    } catch (thrown) {
      throw toSyscallError(thrown, 'send a netlink request');
    }
    if (count > 0) this.#dispatch(count);
  }

  pause(): void {
    this.#paused = true;
    this.#socket.stop();
  }

  resume(): void {
    this.#paused = false;
    if (this.#sink !== undefined && !this.#closed) this.#socket.start();
  }

  drain(): void {
    this.#assertOpen('drain');
    if (this.#dispatching) {
      throw new SocketError('REENTRANT', 'drain: a batch is being handed over; drain after it');
    }
    if (this.#sink === undefined) return; // nobody to hand it to: it stays queued
    // What is queued now fits into the buffer; what arrives meanwhile must not keep us here for ever.
    let left = this.#rcvbufBytes / minChargeBytes;
    do {
      const count = this.#socket.receive();
      // A batch without rows held only foreign datagrams, as many as there are rows.
      left -= count === 0 ? recordsPerBatch : count;
      if (count > 0) this.#dispatch(count);
    } while (left > 0 && !this.#closed && !this.#socket.drained);
  }

  ref(): void {
    this.#socket.holdLoop(true);
  }

  unref(): void {
    this.#socket.holdLoop(false);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#last = this.#socket.stats();
    this.#socket.close();
    this.#sink = undefined;
  }

  #assertOpen(what: string): void {
    if (this.#closed) throw new SocketClosedError(what);
  }

  #installBuffers(): void {
    const wantedBytes = Math.max(this.#slabBytes, this.#receiveBytes);
    const units = Math.ceil(wantedBytes / slabAlignmentBytes);
    const slab = new Uint8Array(units * slabAlignmentBytes);
    const records = new Int32Array(recordsPerBatch * recordColumns);
    this.#batch.slab = slab;
    this.#batch.records = records;
    this.#socket.setBuffers(slab, records, this.#receiveBytes);
  }

  #dispatch(count: number): void {
    this.#batch.count = count;
    this.#dispatching = true;
    try {
      this.#sink?.receive(this.#batch);
    } finally {
      this.#dispatching = false;
      if (!this.#closed) this.#afterBatch(this.#batch);
    }
  }

  /** Grows what was too small, and reports a broken socket after all that came before. */
  #afterBatch(batch: DatagramBatch): void {
    let wantedBytes = 0;
    for (let row = 0; row < batch.count * recordColumns; row += recordColumns) {
      const flags = batch.records[row + FLAGS];
      const detail = batch.records[row + DETAIL] ?? 0;
      if (flags === FLAG_TRUNCATED) wantedBytes = Math.max(wantedBytes, detail);
      if (flags === FLAG_FAILED) this.#fail(detail);
    }
    if (wantedBytes > this.#receiveBytes) this.#receiveBytes = grownReceiveBytes(wantedBytes);
    // A sink that transferred the slab away has left us without one.
    const outgrown = batch.slab.length < this.#receiveBytes || batch.records.length === 0;
    if (!this.#closed && (wantedBytes > 0 || outgrown)) this.#installBuffers();
  }

  #fail(errno: number): void {
    const attempted = 'read from a netlink socket';
    this.#sink?.failed(syscallError({ errno, syscall: 'recvmsg', attempted }));
  }
}

/** #define MAX_LINKS 32, `<linux/netlink.h>` */
const maxProtocol = 31;

function receiveLength({ receiveBytes, allowCuts }: KernelTransportOptions): number {
  const asked = integerOption({
    name: 'receiveBytes',
    value: receiveBytes ?? minReceiveBytes,
    min: 1,
    max: maxReceiveBytes,
    cure: 'leave it out for 32 KiB; it grows by itself',
  });
  return allowCuts === true ? asked : Math.max(asked, minReceiveBytes);
}

function slabLength({ slabBytes }: KernelTransportOptions): number {
  return integerOption({
    name: 'slabBytes',
    value: slabBytes ?? defaultSlabBytes,
    min: 1,
    max: maxSlabBytes,
    cure: 'leave it out for 256 KiB',
  });
}

function grownReceiveBytes(wantedBytes: number): number {
  return Math.min(2 ** Math.ceil(Math.log2(wantedBytes)), maxReceiveBytes);
}

function openSocket(protocol: number): NativeSocket {
  const { NetlinkSocket } = nativeBinding();
  try {
    return new NetlinkSocket(protocol);
  } catch (thrown) {
    throw toSyscallError(thrown, `open a netlink socket of protocol ${protocol}`);
  }
}
