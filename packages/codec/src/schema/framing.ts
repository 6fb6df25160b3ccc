import { EncodeError } from '../errors.js';

export const maxU16 = 0xffff;

/** A number of the message's own framing. @throws EncodeError where it does not fit its field */
export function within(value: unknown, max: number, path: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max)
    return value;
  throw new EncodeError(
    'OUT_OF_RANGE',
    path,
    `${String(value)} is no whole number from 0 to ${max}`,
  );
}
