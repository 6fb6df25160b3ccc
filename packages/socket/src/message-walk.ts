import {
  DecodeError,
  type NetlinkMessage,
  NLMSG_HDRLEN,
  nlmsgAlign,
  nlmsgOk,
  type Source,
} from '@lw/codec';

/**
 * The message that a walk stands at, in place: nothing is allocated for it. The object is the walk's own
 * and holds during one call; what must live longer is decoded or copied from it.
 */
export interface MessageAt {
  readonly source: Source;
  /** Where the datagram begins in the source. */
  readonly datagramAt: number;
  /** Where the message begins in the source, and where it ends, without padding. */
  readonly at: number;
  readonly end: number;
  readonly type: number;
  readonly flags: number;
  readonly seq: number;
  readonly portId: number;
}

type Cursor = { -readonly [K in keyof MessageAt]: MessageAt[K] };

/**
 * Visits the messages of the datagram between `start` and `end`, as splitMessages of the codec yields them.
 * @throws DecodeError 'MESSAGE_LENGTH' at the first header that cannot be, after the messages before it;
 * and what `visit` throws.
 */
export function eachMessage(
  source: Source,
  range: { readonly start: number; readonly end: number },
  visit: (message: MessageAt) => void,
): void {
  const { view } = source;
  const { start, end } = range;
  const cursor: Cursor = {
    source,
    datagramAt: start,
    at: start,
    end,
    type: 0,
    flags: 0,
    seq: 0,
    portId: 0,
  };
  for (let at = start; at < end; ) {
    if (!nlmsgOk(view, at, end - at)) throw impossibleHeader(view, { start, at, end });
    const length = view.getUint32(at, true);
    cursor.at = at;
    cursor.end = at + length;
    cursor.type = view.getUint16(at + 4, true);
    cursor.flags = view.getUint16(at + 6, true);
    cursor.seq = view.getUint32(at + 8, true);
    cursor.portId = view.getUint32(at + 12, true);
    visit(cursor);
    at += nlmsgAlign(length);
  }
}

/** The message as the codec's functions take it: a view of the source, not a copy. */
export function viewMessage(message: MessageAt): NetlinkMessage {
  const { source, datagramAt, at, end, type, flags, seq, portId } = message;
  const bytes = source.bytes.subarray(at, end);
  return { length: end - at, type, flags, seq, portId, offset: at - datagramAt, bytes };
}

/** In the words of splitMessages. */
function impossibleHeader(
  view: DataView,
  { start, at, end }: { readonly start: number; readonly at: number; readonly end: number },
): DecodeError {
  const remaining = end - at;
  const reason =
    remaining < NLMSG_HDRLEN
      ? `a message header is ${NLMSG_HDRLEN} bytes, ${remaining} are left`
      : `nlmsg_len is ${view.getUint32(at, true)}, ${remaining} bytes are left`;
  return new DecodeError('MESSAGE_LENGTH', at - start, '', reason);
}
