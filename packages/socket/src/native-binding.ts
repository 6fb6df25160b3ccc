import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { SocketError } from './errors.js';

/** Totals of one socket, counted natively. */
export interface NativeStats {
  readonly received: number;
  readonly receivedBytes: number;
  readonly foreign: number;
  readonly truncated: number;
  readonly overruns: number;
  /** SK_MEMINFO_DROPS; absent when closed or when the kernel does not say. */
  readonly dropped?: number;
}

/**
 * The native class (native/netlink_socket.h): mechanism without policy. Failing calls throw an Error with
 * `errno` and `syscall`.
 */
export interface NativeSocket {
  /** Called with the number of records whenever a wake of the loop has filled the buffers. */
  onBatch?: (count: number) => void;
  /** After {@link receive} or {@link send}: the kernel had nothing more queued. */
  readonly drained: boolean;
  readonly closed: boolean;
  /** Binds to a port id of the kernel's choice (K30) and gives it. */
  bind(): number;
  setOption(level: number, option: number, value: number): void;
  getOption(level: number, option: number): number;
  /** Where batches go, and how many bytes each recvmsg is offered at least (K26). */
  setBuffers(slab: Uint8Array, records: Int32Array, receiveBytes: number): void;
  acceptForeign(accept: boolean): void;
  /** Sends to the kernel; with `receive`, reads what is there at once. Gives the number of records. */
  send(bytes: Uint8Array, receive: boolean): number;
  /** One non-blocking batch; gives the number of records. */
  receive(): number;
  start(): void;
  stop(): void;
  /** Whether reading keeps the process alive. */
  holdLoop(hold: boolean): void;
  stats(): NativeStats;
  close(): void;
}

interface NativeBinding {
  readonly NetlinkSocket: new (protocol: number) => NativeSocket;
}

const packageRoot = fileURLToPath(new URL('..', import.meta.url));
let loaded: NativeBinding | undefined;

/**
 * Loads the binding on first use, so that importing this package works everywhere.
 * @throws SocketError 'UNSUPPORTED_PLATFORM' or 'NO_BINARY'.
 */
export function nativeBinding(): NativeBinding {
  loaded ??= loadBinding();
  return loaded;
}

function loadBinding(): NativeBinding {
  if (process.platform !== 'linux') {
    throw new SocketError(
      'UNSUPPORTED_PLATFORM',
      `netlink is part of Linux, this is ${process.platform}; decoding recordings works everywhere`,
    );
  }
  const require = createRequire(import.meta.url);
  try {
    return require('node-gyp-build')(packageRoot);
  } catch (cause) {
    throw new SocketError(
      'NO_BINARY',
      `no native binding for ${process.platform}-${process.arch} loads from ${packageRoot}; build it there with 'npx node-gyp rebuild' (in the linkwatch sources: 'npm run build:native'), which needs a C++17 compiler`,
      { cause },
    );
  }
}
