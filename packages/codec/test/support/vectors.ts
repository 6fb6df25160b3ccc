import type { Family } from '@lw/codec';
import {
  camelCase,
  type Families,
  hexBytes,
  type NetlinkMessage,
  type Operation,
  operationAt,
  sourceOf,
  splitMessages,
} from '@lw/codec';
import { allFamilies } from '@lw/codec/families/all';
import { routeFamilies } from '@lw/codec/families/route';
import { hasShared, readShared } from './shared.ts';

/** A captured message and what an independent decoder read in it. */
export interface MessageVector {
  readonly id: string;
  readonly family: string;
  readonly spec?: string;
  readonly tier: 'upstream' | 'ext';
  readonly nltype: number;
  readonly hex: string;
  readonly expect_header: Readonly<Record<string, unknown>>;
  readonly expect: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
}

export interface RequestVector {
  readonly id: string;
  readonly spec: string;
  readonly op: string;
  readonly extra_flags: number;
  readonly seq: number;
  readonly vals: Readonly<Record<string, unknown>>;
  readonly hex: string;
  readonly genl_family_id: number | null;
}

export const messageVectors: readonly MessageVector[] = hasShared
  ? readShared<MessageVector[]>('vectors/messages.json')
  : [];

/** The vectors of the families that are compiled in. */
export const familyVectors: readonly MessageVector[] = messageVectors.filter(
  (vector) => vector.spec !== undefined && vector.spec in allFamilies,
);

export const requestVectors: readonly RequestVector[] = (
  hasShared ? readShared<RequestVector[]>('vectors/requests.json') : []
).filter((vector) => vector.spec in allFamilies);

export function messageOf(hex: string): NetlinkMessage {
  const [message] = splitMessages(hexBytes(hex) as Uint8Array);
  return message as NetlinkMessage;
}

/** The families that answer for a vector. */
export function familiesOf(spec: string | undefined): readonly Family<unknown>[] {
  const family = allFamilies[spec ?? ''];
  return family === undefined || routeFamilies.includes(family) ? routeFamilies : [family];
}

/**
 * A JSON value flattened as the vectors are: `linkinfo.data.id`, `a[0].b`; lists of scalars are one value,
 * empty objects are `{}`. Names are camelCase.
 */
export function flatten(value: unknown, path = ''): Record<string, unknown> {
  if (Array.isArray(value) && value.some((item) => typeof item === 'object')) {
    return Object.assign({}, ...value.map((item, i) => flatten(item, `${path}[${i}]`)));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { [path]: value };
  const entries = Object.entries(value).filter(([key]) => key !== 'unknown' && key !== '_index');
  if (entries.length === 0) return path === '' ? {} : { [path]: {} };
  return Object.assign(
    {},
    ...entries.map(([key, item]) => flatten(item, path === '' ? key : `${path}.${key}`)),
  );
}

/** The vector's expectation in our spelling: camelCase, hex-hinted numbers as numbers, flags in bit order. */
export function expectation(flat: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(flat).map(([path, value]) => [
      // `a[0].3.b`: the oracle shows the index of an indexed array's item, we have its position.
      camelCase(path.replace(/(\[\d+\])\.\d+(?=\.|$)/g, '$1')),
      typeof value === 'string' && /^0x[0-9a-f]+$/.test(value) ? Number(value) : value,
    ]),
  );
}

/** The operation of a little-endian message. */
export function operationOf(families: Families, message: NetlinkMessage): Operation | undefined {
  return operationAt(families, sourceOf(message.bytes), {
    at: 0,
    end: message.length,
    little: true,
  });
}
