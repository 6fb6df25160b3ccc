/** How long the kernel may take for a call, retries included, when the caller does not say. */
export const defaultTimeoutMs = 30_000;
/** setTimeout holds 31 bits of milliseconds. */
const maxTimeoutMs = 2 ** 31 - 1;

/** What ends a call from outside: a deadline and a signal. */
export interface Limits {
  readonly timeoutMs: number;
  /** On the clock of performance.now(). */
  readonly expiresAtMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What callers may set on every call. */
export interface CallOptions {
  /** Rejects the call with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * Deadline for the call in ms; default 30 s, or the client's. It begins when the request is sent, so a
   * dump does not pay for those before it in the queue. For a streamed dump it bounds the kernel's silence.
   */
  readonly timeoutMs?: number;
}

/** Limits of a call that begins now. @throws RangeError for a time that is not positive. */
export function startLimits(options: CallOptions, clientTimeoutMs: number): Limits {
  const asked = options.timeoutMs ?? clientTimeoutMs;
  if (!(asked > 0)) throw new RangeError(`timeoutMs must be above 0, not ${asked}`);
  const timeoutMs = Math.min(asked, maxTimeoutMs);
  return { timeoutMs, expiresAtMs: performance.now() + timeoutMs, signal: options.signal };
}

/** The same limits without a deadline: for a wait that others bound with theirs. */
export function withoutDeadline(limits: Limits): Limits {
  return { ...limits, expiresAtMs: Number.POSITIVE_INFINITY };
}

/** The same limits with the whole time from now. */
export function beginNow(limits: Limits): Limits {
  return { ...limits, expiresAtMs: performance.now() + limits.timeoutMs };
}

/** Milliseconds left, never below 0. */
export function remainingMs(limits: Limits): number {
  return Math.max(0, limits.expiresAtMs - performance.now());
}
