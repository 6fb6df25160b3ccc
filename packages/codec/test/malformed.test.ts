import { DecodeError, decodeMessage, hexBytes, messageToJson, splitMessages } from '@lw/codec';
import { routeFamilies } from '@lw/codec/families/route';
import { describe, expect, it } from 'vitest';
import { decodeInterpreted } from './support/interpreted.ts';
import { hasShared, readShared, rowsOf, sharedReason } from './support/shared.ts';
import { operationOf } from './support/vectors.ts';

interface Malformed {
  readonly id: string;
  readonly hex: string;
  readonly what: string;
  /** `framing: …`, `attribute: …`, `semantic: …` or `ok…`: by the kernel's rules. */
  readonly verdict: string;
}

const vectors = hasShared ? readShared<Malformed[]>('vectors/malformed.json') : [];

/** What decoding a datagram says: the first fault of each message, in order. */
function faults(
  datagram: Uint8Array,
): NonNullable<ReturnType<typeof messageToJson>['decodeError']>[] {
  const found = [];
  try {
    for (const message of splitMessages(datagram)) {
      const { decodeError } = messageToJson(routeFamilies, message);
      if (decodeError !== undefined) found.push(decodeError);
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    found.push({ code: error.code, offset: error.offset, path: error.path, message: error.reason });
  }
  return found;
}

const codes: Readonly<Record<string, RegExp>> = {
  framing: /^MESSAGE_LENGTH$/,
  attribute: /^ATTRIBUTE_LENGTH$/,
  semantic: /^(VALUE_LENGTH|HEADER_LENGTH)$/,
};

describe(`malformed bytes are judged by the kernel's rules${sharedReason}`, () => {
  it.skipIf(!hasShared).each(rowsOf(vectors.map((v) => [`${v.id}: ${v.what}`, v] as const)))(
    '%s',
    (_, vector) => {
      const datagram = hexBytes(vector.hex) as Uint8Array;
      const kind = vector.verdict.split(':')[0] as string;
      const found = faults(datagram);
      if (kind === 'ok') {
        expect(found).toEqual([]);
        return;
      }
      // The first message's fault may be behind a framing fault that only the walk to the next one meets.
      const fault = found.find(({ code }) => (codes[kind] as RegExp).test(code));
      expect(fault, JSON.stringify(found)).toBeDefined();
      if (kind !== 'framing' && fault?.code !== 'HEADER_LENGTH') expect(fault?.path).not.toBe('');
      expect(fault?.offset).toBeGreaterThanOrEqual(0);
      expect(fault?.offset).toBeLessThanOrEqual(datagram.length);
    },
  );
});

describe(`both engines say the same of malformed bytes${sharedReason}`, () => {
  it.skipIf(!hasShared).each(rowsOf(vectors.map((v) => [v.id, v] as const)))('%s', (_, vector) => {
    const datagram = hexBytes(vector.hex) as Uint8Array;
    try {
      for (const message of splitMessages(datagram)) {
        const operation = operationOf(routeFamilies, message);
        if (operation === undefined) continue;
        const [compiled, interpreted]: [DecodeError[], DecodeError[]] = [[], []];
        const ours = decodeMessage(routeFamilies, message, { problems: compiled });
        expect(ours).toStrictEqual(
          decodeInterpreted(operation, message, { problems: interpreted }),
        );
        expect(compiled.map(({ code, reason }) => [code, reason])).toEqual(
          interpreted.map(({ code, reason }) => [code, reason]),
        );
      }
    } catch (error) {
      expect(error).toBeInstanceOf(DecodeError);
    }
  });
});
