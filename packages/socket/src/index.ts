export type {
  DumpOptions,
  NetlinkClientOptions,
  RawOptions,
  Reply,
  RequestOptions,
} from './client.js';
export { NetlinkClient } from './client.js';
export type { Datagram, DatagramBatch, Notice } from './datagram-batch.js';
export { batchOf, datagramAt } from './datagram-batch.js';
export type { Dump, DumpResult } from './dump.js';
export type { ResolvedExtack, SocketErrorCode, SyscallErrorInit } from './errors.js';
export {
  DumpInterruptedError,
  NetlinkError,
  RequestTimeoutError,
  SocketClosedError,
  SocketError,
  SyscallError,
} from './errors.js';
export type { KernelTransportOptions } from './kernel-transport.js';
export { openKernelTransport } from './kernel-transport.js';
export type { CallOptions } from './limits.js';
export type { NetlinkWarning } from './refusal.js';
export type { ClientStats } from './stats.js';
export type {
  MessageItem,
  SubscribeOptions,
  Subscription,
  SubscriptionItem,
  SubscriptionStats,
} from './subscription.js';
export type {
  OpenTransport,
  Transport,
  TransportOptions,
  TransportSink,
  TransportStats,
} from './transport.js';
