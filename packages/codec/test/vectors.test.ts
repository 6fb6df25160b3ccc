import { decodeMessage, messageFlagNames, messageToJson, type Operation } from '@lw/codec';
import { describe, expect, it } from 'vitest';
import { decodeInterpreted } from './support/interpreted.ts';
import { hasShared, rowsOf, sharedReason } from './support/shared.ts';
import {
  expectation,
  familiesOf,
  familyVectors,
  flatten,
  messageOf,
  messageVectors,
  operationOf,
} from './support/vectors.ts';

const sorted = (value: unknown): unknown => (isNames(value) ? [...value].sort() : value);

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** Names of a request's flags: those of a NEW request where create or excl stand in the vector's request. */
function flagNamesOf(flags: number, { type }: Record<string, unknown>): string[] {
  const isNew = Number(type) % 4 === 0 && Number(type) >= 16;
  return messageFlagNames(flags, isNew ? 'new' : 'get');
}

/** Each expected value, beside ours. */
function pick(
  ours: Record<string, unknown>,
  expected: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(expected).map(([key, value]) => [
      key,
      Array.isArray(value) ? sorted(ours[key]) : ours[key],
    ]),
  );
}

const sortAll = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, sorted(value)]));

describe(`captured messages of the compiled families read as the independent decoder reads them${sharedReason}`, () => {
  it.skipIf(!hasShared).each(rowsOf(familyVectors.map((v) => [v.id, v] as const)))(
    '%s',
    (_, vector) => {
      const json = messageToJson(familiesOf(vector.spec), messageOf(vector.hex));
      expect(json.decodeError).toBeUndefined();
      expect(json.family).toBe(vector.spec);
      const header = expectation(vector.expect_header);
      expect(pick(flatten(json.header), header)).toEqual(sortAll(header));
      const attrs = expectation(vector.expect);
      expect(pick(flatten(json.attrs), attrs)).toEqual(sortAll(attrs));
    },
  );
});

describe(`acknowledgements read as the independent decoder reads them${sharedReason}`, () => {
  const acks = messageVectors.filter((v) => v.spec === undefined);
  it.skipIf(!hasShared).each(rowsOf(acks.map((v) => [v.id, v] as const)))('%s', (_, vector) => {
    const { error } = messageToJson(familiesOf('rt-link'), messageOf(vector.hex));
    const extack = (error?.extack ?? {}) as Record<string, unknown>;
    const ours = { error: -(error?.errno as number) || 0, ...flatten({ extack }) };
    const named = Object.entries(expectation(vector.expect)).map(([key, value]) => [
      key.replace('extack.msg', 'extack.message').replace('extack.badAttrOffs', 'extack.offset'),
      value,
    ]);
    expect(ours).toMatchObject(Object.fromEntries(named));
    const request = (error?.request ?? {}) as Record<string, unknown>;
    const { flags, ...expected } = vector.nltype === 2 ? vector.expect_header : {};
    expect(request).toMatchObject(expected);
    expect(request.flags).toEqual(
      flags === undefined ? undefined : flagNamesOf(Number(flags), request),
    );
  });
});

describe(`both engines read the same${sharedReason}`, () => {
  it.skipIf(!hasShared).each(rowsOf(familyVectors.map((v) => [v.id, v] as const)))(
    '%s',
    (_, vector) => {
      const message = messageOf(vector.hex);
      const families = familiesOf(vector.spec);
      const operation = operationOf(families, message) as Operation;
      expect(operation.family.engine(true).name).toBe('compiled');
      expect(decodeMessage(families, message)).toStrictEqual(decodeInterpreted(operation, message));
    },
  );
});
