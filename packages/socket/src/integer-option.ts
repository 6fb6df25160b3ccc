import { SocketError } from './errors.js';

/** An option that the kernel or the binding takes as a number, and what it may be. */
export interface IntegerOption {
  readonly name: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** What to try instead. */
  readonly cure: string;
}

/**
 * The value, when it is an integer in its range. Numbers beyond 32 bits would wrap on their way into the
 * kernel: 2^32 + 4096 is 4096 there, and NaN is 0.
 * @throws SocketError 'BAD_OPTION'
 */
export function integerOption({ name, value, min, max, cure }: IntegerOption): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const reason = `${name} is ${value}, which is no integer from ${min} to ${max}; ${cure}`;
  throw new SocketError('BAD_OPTION', reason);
}
