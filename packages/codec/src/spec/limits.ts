/** Lengths and limits, which may be named: a constant of the specification, or `u16-max`. */
import type { Constants } from './from-spec.js';
import type { SpecNode } from './node.js';

/** A length in bytes: a number, a constant, or `constant - 1`. */
export function lengthOf(node: SpecNode, key: string, constants: Constants): number | undefined {
  const raw = node.optional(key);
  if (raw === undefined) return undefined;
  if (typeof raw === 'number') return wholeLength(node, key, raw);
  const [, name = '', minusOne] = /^([0-9A-Za-z_-]+?)( - 1)?$/.exec(String(raw)) ?? [];
  const value = constants.get(name) ?? cConstants.get(name);
  if (value === undefined) throw node.error(key, `no constant is called '${name}'`);
  return wholeLength(node, key, minusOne === undefined ? value : value - 1);
}

/** Bytes of an attribute: `nla_len` has 16 bits. */
const maxLength = 0xffff;

function wholeLength(node: SpecNode, key: string, length: number): number {
  if (Number.isInteger(length) && length >= 0 && length <= maxLength) return length;
  throw node.error(key, `${length} is no length from 0 to ${maxLength}`);
}

/** A limit of an integer; decimal text where a JavaScript number is not exact. */
export function limitOf(
  node: SpecNode,
  key: string,
  constants: Constants,
): number | string | undefined {
  const raw = node.optional(key);
  if (raw === undefined || typeof raw === 'number') return raw;
  const [, sign, bits, end] = /^([us])(8|16|32|64)-(min|max)$/.exec(String(raw)) ?? [];
  if (bits === undefined) return namedLimit(node, key, String(raw), constants);
  const width = BigInt(sign === 's' ? Number(bits) - 1 : Number(bits));
  const limit = end === 'max' ? (1n << width) - 1n : sign === 's' ? -(1n << width) : 0n;
  return Number.isSafeInteger(Number(limit)) ? Number(limit) : limit.toString();
}

function namedLimit(node: SpecNode, key: string, name: string, constants: Constants): number {
  const value = constants.get(name) ?? cConstants.get(name);
  if (value === undefined) throw node.error(key, `no constant is called '${name}'`);
  return value;
}

/** Constants of C headers that specifications name without defining them. */
const cConstants: ReadonlyMap<string, number> = new Map([
  ['IFNAMSIZ', 16], // <linux/if.h>
  ['ifname-size', 16],
  ['ALTIFNAMSIZ', 128], // <linux/if.h>
  ['ETH_ALEN', 6], // <linux/if_ether.h>
  ['GENL_NAMSIZ', 16], // <linux/genetlink.h>
]);
