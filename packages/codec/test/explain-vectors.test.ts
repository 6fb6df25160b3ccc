import { isDeepStrictEqual } from 'node:util';
import {
  camelCase,
  type DecodeError,
  type ExplainNode,
  explainMessage,
  explainText,
  hexBytes,
  messageToJson,
  type NetlinkMessage,
  splitMessages,
} from '@lw/codec';
import { routeFamilies } from '@lw/codec/families/route';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uncovered } from './support/leaves.ts';
import { hasShared, readShared, rowsOf, sharedReason } from './support/shared.ts';
import { byteSwapped } from './support/swap.ts';
import {
  familiesOf,
  familyVectors,
  messageOf,
  messageVectors,
  operationOf,
  requestVectors,
} from './support/vectors.ts';

function all(node: ExplainNode): ExplainNode[] {
  return [node, ...(node.children ?? []).flatMap(all)];
}

/** What must not change when the sender's byte order does: hex does. */
function shape(node: ExplainNode): unknown[] {
  return all(node).map(({ start, end, name, type, note }) => [start, end, name, type, note]);
}

const captured = [...messageVectors, ...requestVectors].map((v) => [v.id, v] as const);
const known = familyVectors.map((v) => [v.id, v] as const);

describe(`every byte of a captured message belongs to one leaf${sharedReason}`, () => {
  it.skipIf(!hasShared).each(rowsOf(captured))('%s', (_, vector) => {
    const message = messageOf(vector.hex);
    const node = explainMessage(familiesOf(vector.spec), message);
    expect(uncovered(node)).toBe('');
    expect([node.start, node.end]).toEqual([0, message.length]);
    expect(explainText(node, message.bytes).split('\n').length).toBeGreaterThan(6);
  });
});

/** Whether a node's values, and those of the nodes in it, stand in the JSON under their names. */
function agrees(node: ExplainNode, json: unknown): boolean {
  const parts = (node.children ?? []).filter(
    ({ role, note }) => role === undefined && note !== 'unknown',
  );
  if (parts.length === 0) {
    if (node.value === undefined || isDeepStrictEqual(node.value, json)) return true;
    return Array.isArray(json) && json.some((item) => isDeepStrictEqual(item, node.value));
  }
  if (Array.isArray(json)) {
    const items = /^\[/.test(parts[0]?.name ?? '') ? parts : [node];
    return items.every((item) => json.some((one) => agrees(item, one)));
  }
  if (typeof json !== 'object' || json === null) return false;
  const record = json as Record<string, unknown>;
  return parts.every((part) => {
    const key = camelCase(part.name.replace(/\[\d+\]$/, ''));
    // The header of a sub-message is merged into the record, and so are the levels of a nest-type-value.
    const { value, ...merged } = part;
    if (key in record && (value === undefined || value !== record[key])) {
      return agrees(part, record[key]);
    }
    return (key in record || value === undefined) && agrees(merged, json);
  });
}

describe(`values are those of the JSON, in nests too${sharedReason}`, () => {
  it.skipIf(!hasShared).each(rowsOf(known))('%s', (_, vector) => {
    const message = messageOf(vector.hex);
    const families = familiesOf(vector.spec);
    const { header, attrs = {}, op } = messageToJson(families, message);
    const node = explainMessage(families, message);
    expect(node.name).toBe(op);
    for (const child of node.children ?? []) {
      const isAttribute = child.children?.[0]?.role === 'header';
      if (child.cName?.endsWith('hdr') || child.role !== undefined || child.note === 'unknown')
        continue;
      const json = isAttribute ? (attrs as Record<string, unknown>)[camelCase(child.name)] : header;
      expect(agrees(child, json), `${child.name} ${JSON.stringify(json)}`).toBe(true);
    }
  });
});

describe(`a message of a big-endian host is the same tree${sharedReason}`, () => {
  it.skipIf(!hasShared).each(rowsOf(known))('%s', (_, vector) => {
    const message = messageOf(vector.hex);
    const families = familiesOf(vector.spec);
    const operation = operationOf(families, message);
    if (operation === undefined) return;
    const swapped = { ...message, bytes: byteSwapped(operation, message) };
    const node = explainMessage(families, swapped, { endian: 'big' });
    expect(shape(node)).toEqual(shape(explainMessage(families, message)));
  });
});

interface Malformed {
  readonly id: string;
  readonly hex: string;
}

const malformed = hasShared ? readShared<Malformed[]>('vectors/malformed.json') : [];

function messagesOf(bytes: Uint8Array): NetlinkMessage[] {
  const messages: NetlinkMessage[] = [];
  try {
    for (const message of splitMessages(bytes)) messages.push(message);
  } catch (error) {
    // A datagram's broken end is the splitter's matter.
    expect((error as DecodeError).code).toBe('MESSAGE_LENGTH');
  }
  return messages;
}

describe(`malformed bytes get a note where the fault is${sharedReason}`, () => {
  it.skipIf(!hasShared).each(rowsOf(malformed.map((v) => [v.id, v] as const)))('%s', (_, v) => {
    for (const message of messagesOf(hexBytes(v.hex) as Uint8Array)) {
      const node = explainMessage(routeFamilies, message);
      expect(uncovered(node)).toBe('');
      const { decodeError } = messageToJson(routeFamilies, message);
      if (decodeError === undefined) continue;
      const { offset } = decodeError;
      const noted = all(node).filter(({ note }) => note !== undefined);
      const there = noted.filter(({ start, end }) => start <= offset && offset <= end);
      expect(there, JSON.stringify(decodeError)).not.toEqual([]);
    }
  });
});

describe('any bytes are safe', () => {
  const headed = fc
    .tuple(
      fc.integer({ min: 0, max: 130 }),
      fc.integer({ min: 0, max: 0xffff }),
      fc.uint8Array({ maxLength: 200 }),
    )
    .map(([type, flags, body]) => {
      const bytes = new Uint8Array(16 + body.length);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, bytes.length, true);
      view.setUint16(4, type, true);
      view.setUint16(6, flags, true);
      bytes.set(body, 16);
      return bytes;
    });

  it('behind a header that is whole', () => {
    fc.assert(
      fc.property(headed, fc.constantFrom('little' as const, 'big' as const), (bytes, endian) => {
        const [message] = splitMessages(bytes);
        const node = explainMessage(routeFamilies, message as NetlinkMessage, { endian });
        expect(uncovered(node)).toBe('');
        expect(explainText(node, bytes)).not.toMatch(/[^\P{Cc}\n]/u);
      }),
      { numRuns: 2000 },
    );
  });

  it.skipIf(!hasShared)(`in a captured message with some bytes changed${sharedReason}`, () => {
    const one = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    const place = fc.integer({ min: 0, max: Math.max(0, familyVectors.length - 1) });
    fc.assert(
      fc.property(place, fc.array(one, { minLength: 1, maxLength: 6 }), (index, changes) => {
        const vector = familyVectors[index] as (typeof familyVectors)[number];
        const message = messageOf(vector.hex);
        const bytes = message.bytes.slice();
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        const node = explainMessage(familiesOf(vector.spec), { ...message, bytes });
        expect(uncovered(node)).toBe('');
        explainText(node, bytes);
      }),
      { numRuns: 2000 },
    );
  });
});
