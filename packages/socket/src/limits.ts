/** How long a call may take in all, queueing and retries included, when the caller does not say. */
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
  /** Deadline for the whole call in ms; default 30 s, or the client's. */
  readonly timeoutMs?: number;
}

/** Limits of a call that begins now. @throws RangeError for a time that is not positive. */
export function startLimits(options: CallOptions, clientTimeoutMs: number): Limits {
  const asked = options.timeoutMs ?? clientTimeoutMs;
  if (!(asked > 0)) throw new RangeError(`timeoutMs must be above 0, not ${asked}`);
  const timeoutMs = Math.min(asked, maxTimeoutMs);
  return { timeoutMs, expiresAtMs: performance.now() + timeoutMs, signal: options.signal };
}

/** Milliseconds left, never below 0. */
export function remainingMs(limits: Limits): number {
  return Math.max(0, limits.expiresAtMs - performance.now());
}
