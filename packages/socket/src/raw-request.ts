import { type NetlinkMessage, NLMSG_HDRLEN } from '@lw/codec';
import { SocketError } from './errors.js';
import { type MessageAt, viewMessage } from './message-walk.js';

// struct nlmsghdr: __u32 nlmsg_len; __u16 nlmsg_type; __u16 nlmsg_flags; __u32 nlmsg_seq; __u32 nlmsg_pid
const LENGTH_AT = 0;
const FLAGS_AT = 6;
const SEQ_AT = 8;
const PORT_ID_AT = 12;

/**
 * Checks that `bytes` are one whole message; gives copies of it with `flags` added and a sequence number.
 * @throws SocketError 'BAD_REQUEST'
 */
export function rawRequest(bytes: Uint8Array, flags: number): (seq: number) => Uint8Array {
  const told = bytes.length < NLMSG_HDRLEN ? 0 : viewOf(bytes).getUint32(LENGTH_AT, true);
  if (told !== bytes.length) {
    throw new SocketError(
      'BAD_REQUEST',
      `request: one whole message is wanted: nlmsg_len says ${told}, ${bytes.length} bytes are given`,
    );
  }
  return (seq) => {
    const request = bytes.slice();
    const view = viewOf(request);
    view.setUint16(FLAGS_AT, view.getUint16(FLAGS_AT, true) | flags, true);
    view.setUint32(SEQ_AT, seq, true);
    view.setUint32(PORT_ID_AT, 0, true);
    return request;
  };
}

/** A message that outlives its datagram. */
export function copyMessage(message: MessageAt): NetlinkMessage {
  const view = viewMessage(message);
  return { ...view, offset: 0, bytes: view.bytes.slice() };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
