import { encodeRequest, NLMSG_DONE, NLMSG_ERROR } from '@lw/codec';
import { rtLink } from '@lw/codec/families/rt-link';

/** The header fields of a request, read back. */
export interface SentRequest {
  readonly bytes: Uint8Array;
  readonly type: number;
  readonly flags: number;
  readonly seq: number;
}

export interface Envelope {
  readonly seq: number;
  readonly portId: number;
  readonly flags?: number;
}

export function readRequest(bytes: Uint8Array): SentRequest {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getUint16(4, true);
  return { bytes, type, flags: view.getUint16(6, true), seq: view.getUint32(8, true) };
}

/** struct nlmsghdr and a payload. */
export function rawMessage(type: number, to: Envelope, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, type, true);
  view.setUint16(6, to.flags ?? 0, true);
  view.setUint32(8, to.seq, true);
  view.setUint32(12, to.portId, true);
  bytes.set(payload, 16);
  return bytes;
}

/** RTM_NEWLINK with a name and an index. */
export function linkMessage(ifname: string, ifiIndex: number, to: Envelope): Uint8Array {
  const { seq, portId, flags = 0 } = to;
  return encodeRequest(rtLink.ops.newlink, {
    header: { ifiIndex },
    attrs: { ifname },
    flags,
    seq,
    portId,
  });
}

/** NLMSG_ERROR: `errno` 0 acknowledges. The request's header alone comes back (NLM_F_CAPPED). */
export function ackMessage(errno: number, to: Envelope, extack?: string): Uint8Array {
  const text = extack === undefined ? new Uint8Array(0) : stringAttribute(1, extack);
  const payload = new Uint8Array(4 + 16 + text.length);
  new DataView(payload.buffer).setInt32(0, -errno, true);
  payload.set(text, 20);
  return rawMessage(NLMSG_ERROR, { ...to, flags: 0x100 | (text.length > 0 ? 0x200 : 0) }, payload);
}

/** NLMSG_DONE with the dump's result (K21). */
export function doneMessage(to: Envelope, errno = 0, extack?: string): Uint8Array {
  const text = extack === undefined ? new Uint8Array(0) : stringAttribute(1, extack);
  const payload = new Uint8Array(4 + text.length);
  new DataView(payload.buffer).setInt32(0, -errno, true);
  payload.set(text, 4);
  const flags = (to.flags ?? 0) | 0x2 | (text.length > 0 ? 0x200 : 0);
  return rawMessage(NLMSG_DONE, { ...to, flags }, payload);
}

/** struct nlattr and a string with its NUL, padded. */
function stringAttribute(type: number, text: string): Uint8Array {
  const encoded = new TextEncoder().encode(`${text}\0`);
  const bytes = new Uint8Array((4 + encoded.length + 3) & ~3);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 4 + encoded.length, true);
  view.setUint16(2, type, true);
  bytes.set(encoded, 4);
  return bytes;
}

/** Messages behind each other in one datagram, each aligned to 4. */
export function joined(...messages: Uint8Array[]): Uint8Array {
  const aligned = (length: number) => (length + 3) & ~3;
  const bytes = new Uint8Array(messages.reduce((sum, m) => sum + aligned(m.length), 0));
  let offset = 0;
  for (const message of messages) {
    bytes.set(message, offset);
    offset += aligned(message.length);
  }
  return bytes;
}
