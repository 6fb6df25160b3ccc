/** Time, given from outside: this package has no clock of its own. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Nanoseconds that only go forward. */
  monotonicNs(): bigint;
  /** Calls `run` once after `delayMs`; the result cancels it. */
  setTimer(delayMs: number, run: () => void): () => void;
}
