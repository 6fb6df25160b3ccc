import { messageToJson, type Operation, splitMessages } from '@lw/codec';
import { describe, expect, it } from 'vitest';
import { hasShared, rowsOf, sharedReason } from './support/shared.ts';
import { byteSwapped } from './support/swap.ts';
import { familiesOf, familyVectors, messageOf, operationOf } from './support/vectors.ts';

describe(`a message of a big-endian machine reads the same${sharedReason}`, () => {
  it.skipIf(!hasShared).each(rowsOf(familyVectors.map((v) => [v.id, v] as const)))(
    '%s',
    (_, vector) => {
      const message = messageOf(vector.hex);
      const families = familiesOf(vector.spec);
      const operation = operationOf(families, message) as Operation;
      const [swapped] = splitMessages(byteSwapped(operation, message), { endian: 'big' });
      const read = messageToJson(families, swapped as never, { endian: 'big' });
      expect(read).toEqual(messageToJson(families, message));
    },
  );
});
