/** The limits that the kernel's own policies put on values, checked before anything is sent. */
import { EncodeError } from '../errors.js';
import type { Value } from './model.js';
import type { Checks } from './table.js';

/** The value as an object with string keys. @throws EncodeError */
export function expectRecord(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) {
    // A Map or a Date has no keys of its own: it would encode to nothing, unnoticed.
    const proto: unknown = Object.getPrototypeOf(value);
    if (proto === Object.prototype || proto === null) return value as Record<string, unknown>;
  }
  throw new EncodeError('WRONG_TYPE', path, 'an object is wanted');
}

/** @throws EncodeError when a value breaks the limits of its attribute. */
export function checkValue(
  checks: Checks,
  type: Value,
  value: unknown,
  payloadBytes: number,
  path: string,
): void {
  if (type.kind === 'integer' || type.kind === 'varint') checkNumber(checks, value, path);
  else checkLength(checks, type, payloadBytes, path);
}

function checkNumber({ min, max }: Checks, value: unknown, path: string): void {
  const number = numberOf(value);
  if (number === undefined) return;
  if (min !== undefined && number < BigInt(min)) {
    throw new EncodeError('OUT_OF_RANGE', path, `${number} is below the least, ${min}`);
  }
  if (max !== undefined && number > BigInt(max)) {
    throw new EncodeError('OUT_OF_RANGE', path, `${number} is above the most, ${max}`);
  }
}

/** Numbers as text count too; names of enums have no limits. */
function numberOf(value: unknown): bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return BigInt(value);
  return typeof value === 'string' && /^(0x[0-9a-fA-F]+|-?[0-9]+)$/.test(value)
    ? BigInt(value)
    : undefined;
}

function checkLength(checks: Checks, type: Value, payloadBytes: number, path: string): void {
  // The kernel does not count a string's NUL against its limits.
  const bytes = type.kind === 'text' ? payloadBytes - 1 : payloadBytes;
  const { minLen, maxLen, exactLen } = checks;
  if (exactLen !== undefined && bytes !== exactLen) {
    throw new EncodeError('WRONG_LENGTH', path, `${bytes} bytes, exactly ${exactLen} are wanted`);
  }
  if (minLen !== undefined && bytes < minLen) {
    throw new EncodeError('WRONG_LENGTH', path, `${bytes} bytes, at least ${minLen} are wanted`);
  }
  if (maxLen !== undefined && bytes > maxLen) {
    throw new EncodeError('WRONG_LENGTH', path, `${bytes} bytes, at most ${maxLen} are wanted`);
  }
}
