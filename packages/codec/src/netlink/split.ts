import { DecodeError } from '../errors.js';
import type { Endian } from '../wire/endian.js';
import { NLMSG_HDRLEN, nlmsgAlign } from '../wire/nlmsg.js';

/** One message of a datagram: its header's fields and its bytes. */
export interface NetlinkMessage {
  /** `nlmsg_len`: header and payload in bytes, without padding. */
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly seq: number;
  /** `nlmsg_pid`: the port id of the socket whose request this answers, or 0. */
  readonly portId: number;
  /** Where the message begins in its datagram. */
  readonly offset: number;
  /** The whole message, header included: a view, as long-lived as the datagram's bytes. */
  readonly bytes: Uint8Array;
}

export interface SplitOptions {
  readonly endian?: Endian;
}

/**
 * The messages of a datagram, in order. The last one may lack its padding.
 *
 * @throws DecodeError 'MESSAGE_LENGTH' at the first header that cannot be; the messages before it have
 * been yielded by then. Fewer than 16 bytes at the end are such a fault too: the kernel never sends them.
 */
export function* splitMessages(
  datagram: Uint8Array,
  options: SplitOptions = {},
): Generator<NetlinkMessage, void, undefined> {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  const little = options.endian !== 'big';
  let offset = 0;
  while (offset < datagram.length) {
    const length = messageLength(view, offset, little);
    yield {
      length,
      type: view.getUint16(offset + 4, little),
      flags: view.getUint16(offset + 6, little),
      seq: view.getUint32(offset + 8, little),
      portId: view.getUint32(offset + 12, little),
      offset,
      bytes: datagram.subarray(offset, offset + length),
    };
    offset += nlmsgAlign(length);
  }
}

/** `nlmsg_len` at `offset`, checked as NLMSG_OK does. */
export function messageLength(view: DataView, offset: number, little: boolean): number {
  const remaining = view.byteLength - offset;
  if (remaining < NLMSG_HDRLEN) {
    const reason = `a message header is ${NLMSG_HDRLEN} bytes, ${remaining} are left`;
    throw new DecodeError('MESSAGE_LENGTH', offset, '', reason);
  }
  const length = view.getUint32(offset, little);
  if (length < NLMSG_HDRLEN || length > remaining) {
    const reason = `nlmsg_len is ${length}, ${remaining} bytes are left`;
    throw new DecodeError('MESSAGE_LENGTH', offset, '', reason);
  }
  return length;
}
