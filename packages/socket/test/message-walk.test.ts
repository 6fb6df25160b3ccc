import { sourceOf, splitMessages } from '@lw/codec';
import { describe, expect, test } from 'vitest';
import { eachMessage } from '../src/message-walk.js';
import { joined, rawMessage } from './messages.js';

const good = rawMessage(16, { seq: 1, portId: 2 }, new Uint8Array(4));

/** A message whose nlmsg_len is a lie. */
function lying(length: number): Uint8Array {
  const bytes = good.slice();
  new DataView(bytes.buffer).setUint32(0, length, true);
  return bytes;
}

/** What a walk over the datagram throws; it stands behind 8 bytes of another one in the slab. */
function walked(datagram: Uint8Array): unknown {
  const slab = new Uint8Array(8 + datagram.length);
  slab.set(datagram, 8);
  return thrownBy(() => eachMessage(sourceOf(slab), { start: 8, end: slab.length }, () => {}));
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a walk over the messages of a datagram', () => {
  const faults = {
    'nlmsg_len below a header': joined(good, lying(15)),
    'nlmsg_len beyond the datagram': joined(good, lying(21)),
    'fewer bytes than a header': joined(good, new Uint8Array(12)),
  };
  for (const [fault, datagram] of Object.entries(faults)) {
    test(`${fault} is told in the words of splitMessages`, () => {
      const error = walked(datagram);
      expect(error).toMatchObject({ code: 'MESSAGE_LENGTH', offset: 20 });
      expect(error).toEqual(thrownBy(() => [...splitMessages(datagram)]));
    });
  }

  test('a wrong nlmsg_len is named with its value', () => {
    expect(walked(lying(21))).toMatchObject({
      message: expect.stringContaining('nlmsg_len is 21, 20 bytes are left'),
    });
  });
});
