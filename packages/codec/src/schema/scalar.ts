/** Writing of values that are one payload: numbers, text, addresses, bytes. */
import { EncodeError } from '../errors.js';
import { ipv4Bytes, ipv6Bytes, macBytes } from '../wire/address.js';
import { hexBytes } from '../wire/hex.js';
import { textBytes } from '../wire/text.js';
import type { Writer } from '../wire/writer.js';
import { expectRecord } from './check.js';
import type { AddressHint, EnumModel, IntegerValue, Value } from './model.js';

export interface ScalarOptions {
  /** Text fills a member without a NUL of its own. */
  readonly inStruct?: boolean;
}

export function writeScalar(
  writer: Writer,
  type: Value,
  value: unknown,
  path: string,
  options: ScalarOptions = {},
): void {
  switch (type.kind) {
    case 'integer':
      writeInteger(writer, type, value, path);
      return;
    case 'varint':
      writeVarint(writer, type, value, path);
      return;
    case 'text':
      writeText(writer, value, path, options.inStruct !== true);
      return;
    case 'bytes':
      writer.bytes(bytesOf(value, path));
      return;
    case 'address':
      writer.bytes(value instanceof Uint8Array ? value : addressBytes(value, type.hint, path));
      return;
    case 'array':
      writeArray(writer, type.item, value, path);
      return;
    case 'flag':
      if (value !== true) throw wrongType(path, 'true', value);
      return;
    case 'bitfield32':
      writeBitfield32(writer, expectRecord(value, path), type.names, path);
      return;
    default:
      throw wrongType(path, 'a value that can be written', value);
  }
}

function wrongType(path: string, wanted: string, value: unknown): EncodeError {
  const got = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
  return new EncodeError('WRONG_TYPE', path, `${wanted} is wanted, not ${got}`);
}

function writeInteger(writer: Writer, type: IntegerValue, value: unknown, path: string): void {
  const number = integerOf(type, value, path);
  const bits = BigInt(8 * type.size);
  const [min, max] = type.signed
    ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]
    : [0n, (1n << bits) - 1n];
  if (number < min || number > max) {
    throw new EncodeError('OUT_OF_RANGE', path, `${number} is not within ${min} and ${max}`);
  }
  const little = type.order === 'host' ? writer.little : type.order === 'little';
  const unsigned = BigInt.asUintN(8 * type.size, number);
  if (type.size === 8) writer.u64(unsigned, little);
  else if (type.size === 4) writer.u32(Number(unsigned), little);
  else if (type.size === 2) writer.u16(Number(unsigned), little);
  else writer.u8(Number(unsigned));
}

function writeVarint(
  writer: Writer,
  type: Extract<Value, { kind: 'varint' }>,
  value: unknown,
  path: string,
): void {
  const number = integerOf({ ...type, ipv4: false }, value, path);
  const [low, high] = type.signed ? [-(2n ** 31n), 2n ** 31n - 1n] : [0n, 2n ** 32n - 1n];
  const [min, max] = type.signed ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 64n - 1n];
  if (number < min || number > max) {
    throw new EncodeError('OUT_OF_RANGE', path, `${number} is not within ${min} and ${max}`);
  }
  // nla_put_uint: four bytes when they are enough.
  if (number >= low && number <= high) writer.u32(Number(BigInt.asUintN(32, number)));
  else writer.u64(BigInt.asUintN(64, number));
}

interface Numbered {
  readonly names?: EnumModel;
  readonly mask: boolean;
  readonly ipv4: boolean;
}

/** A number as people give it: number, bigint, an enum's name, an array of flag names, "0x10", a dotted quad. */
function integerOf(type: Numbered, value: unknown, path: string): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return BigInt(value);
    throw new EncodeError('WRONG_TYPE', path, `${value} is not a whole number that is exact`);
  }
  if (typeof value === 'string') return namedNumber(type, value, path);
  if (Array.isArray(value) && type.mask) {
    return value.reduce<bigint>((mask, bit) => mask | namedNumber(type, String(bit), path), 0n);
  }
  throw wrongType(path, type.names === undefined ? 'a number' : 'a number or a name', value);
}

function namedNumber(type: Numbered, text: string, path: string): bigint {
  const known = type.names?.valueOf.get(text);
  if (known !== undefined) return type.mask ? 1n << BigInt(known) : BigInt(known);
  if (/^(0x[0-9a-fA-F]+|-?[0-9]+)$/.test(text)) return BigInt(text);
  const quad = type.ipv4 ? ipv4Bytes(text) : undefined;
  if (quad !== undefined) return BigInt(new DataView(quad.buffer).getUint32(0));
  if (type.names === undefined) throw wrongType(path, 'a number', text);
  const names = [...type.names.valueOf.keys()].join(', ');
  throw new EncodeError('UNKNOWN_ENUM_NAME', path, `'${text}' is none of ${names}`);
}

/** U+DC80 to U+DCFF stand for bytes that are not UTF-8; any other half of a pair stands for nothing. */
const loneSurrogate = /[\ud800-\udc7f\udd00-\udfff]/u;

function writeText(writer: Writer, value: unknown, path: string, terminated: boolean): void {
  if (typeof value !== 'string') throw wrongType(path, 'text', value);
  if (value.includes('\0')) throw new EncodeError('WRONG_TYPE', path, 'text cannot hold a NUL');
  if (loneSurrogate.test(value)) {
    throw new EncodeError('WRONG_TYPE', path, 'text holds half of a surrogate pair');
  }
  writer.bytes(textBytes(value));
  if (terminated) writer.u8(0);
}

/** Bytes, or their hex as JSON has it. */
export function bytesOf(value: unknown, path: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const bytes = typeof value === 'string' ? hexBytes(value) : undefined;
  if (bytes === undefined)
    throw wrongType(path, 'a Uint8Array or an even number of hex digits', value);
  return bytes;
}

/** The bytes of an address as text, or of the hex that stands where it was none. */
function addressBytes(value: unknown, hint: AddressHint, path: string): Uint8Array {
  if (typeof value !== 'string') throw wrongType(path, 'an address as text', value);
  const bytes = parseAddress(value, hint) ?? rawAddress(value);
  if (bytes === undefined)
    throw new EncodeError('WRONG_TYPE', path, `'${value}' is not ${addressNames[hint]}`);
  return bytes;
}

const addressNames: Readonly<Record<AddressHint, string>> = {
  mac: 'a link-layer address such as 02:00:5e:10:00:01',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  ip: 'an IPv4 or IPv6 address',
  uuid: 'a UUID',
};

function parseAddress(text: string, hint: AddressHint): Uint8Array | undefined {
  switch (hint) {
    case 'mac':
      return macBytes(text);
    case 'ipv4':
      return ipv4Bytes(text);
    case 'ipv6':
      return ipv6Bytes(text);
    case 'ip':
      return ipv4Bytes(text) ?? ipv6Bytes(text);
    case 'uuid':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
        ? hexBytes(text.replaceAll('-', ''))
        : undefined;
  }
}

/** What decoding gives where a payload has not the length of an address: `0x` and hex. */
function rawAddress(text: string): Uint8Array | undefined {
  return text.startsWith('0x') ? hexBytes(text.slice(2)) : undefined;
}

function writeArray(writer: Writer, item: IntegerValue, value: unknown, path: string): void {
  if (value instanceof Uint8Array) writer.bytes(value);
  else if (!Array.isArray(value)) throw wrongType(path, 'an array of numbers', value);
  else
    for (const [index, entry] of value.entries())
      writeInteger(writer, item, entry, `${path}[${index}]`);
}

function writeBitfield32(
  writer: Writer,
  record: Record<string, unknown>,
  names: EnumModel | undefined,
  path: string,
): void {
  const word: IntegerValue = {
    kind: 'integer',
    size: 4,
    signed: false,
    order: 'host',
    ipv4: false,
    mask: true,
    ...(names === undefined ? {} : { names }),
  };
  writeInteger(writer, word, record.value ?? 0, `${path}.value`);
  writeInteger(writer, word, record.selector ?? 0, `${path}.selector`);
}
