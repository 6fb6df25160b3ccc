import type { TransportStats } from './transport.js';

/** Totals of a client. */
export interface ClientStats extends TransportStats {
  /** Messages, or attributes of replies, that did not decode. */
  readonly decodeErrors: number;
  /** Messages for requests that nobody waited for any more. */
  readonly late: number;
  /** The smallest receive buffer that any socket was granted, in the kernel's accounting; 0 before the first. */
  readonly rcvbufBytes: number;
}

export const noStats: ClientStats = {
  received: 0,
  receivedBytes: 0,
  foreign: 0,
  truncated: 0,
  overruns: 0,
  dropped: 0,
  rcvbufBytes: 0,
  decodeErrors: 0,
  late: 0,
};

/** Adds one socket's counts. */
export function addStats(total: ClientStats, one: Partial<ClientStats>): ClientStats {
  const granted = one.rcvbufBytes ?? 0;
  return {
    received: total.received + (one.received ?? 0),
    receivedBytes: total.receivedBytes + (one.receivedBytes ?? 0),
    foreign: total.foreign + (one.foreign ?? 0),
    truncated: total.truncated + (one.truncated ?? 0),
    overruns: total.overruns + (one.overruns ?? 0),
    dropped: total.dropped + (one.dropped ?? 0),
    decodeErrors: total.decodeErrors + (one.decodeErrors ?? 0),
    late: total.late + (one.late ?? 0),
    rcvbufBytes: total.rcvbufBytes === 0 ? granted : Math.min(total.rcvbufBytes, granted),
  };
}
