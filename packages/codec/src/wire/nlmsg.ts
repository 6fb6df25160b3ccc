/**
 * The NLMSG_* macros of `<linux/netlink.h>` over a buffer and an offset. Lengths are in bytes.
 *
 * struct nlmsghdr {
 *   __u32 nlmsg_len;    length of the message including this header
 *   __u16 nlmsg_type;
 *   __u16 nlmsg_flags;
 *   __u32 nlmsg_seq;
 *   __u32 nlmsg_pid;    port id of the sender
 * };
 */
import type { Endian } from './endian.js';

// #define NLMSG_ALIGNTO 4U
export const NLMSG_ALIGNTO = 4;

// #define NLMSG_ALIGN(len) ( ((len)+NLMSG_ALIGNTO-1) & ~(NLMSG_ALIGNTO-1) )
export function nlmsgAlign(length: number): number {
  // Not the macro's masks: `nlmsg_len` has 32 bits, and JavaScript's masks are signed.
  return length + (-length & (NLMSG_ALIGNTO - 1));
}

// #define NLMSG_HDRLEN ((int) NLMSG_ALIGN(sizeof(struct nlmsghdr)))
export const NLMSG_HDRLEN = 16;

// #define NLMSG_LENGTH(len) ((len) + NLMSG_HDRLEN)
export function nlmsgLength(payload: number): number {
  return payload + NLMSG_HDRLEN;
}

// #define NLMSG_SPACE(len) NLMSG_ALIGN(NLMSG_LENGTH(len))
export function nlmsgSpace(payload: number): number {
  return nlmsgAlign(nlmsgLength(payload));
}

// #define NLMSG_DATA(nlh) ((void *)(((char *)nlh) + NLMSG_HDRLEN))
export function nlmsgData(offset: number): number {
  return offset + NLMSG_HDRLEN;
}

/**
 * Offset of the next message, which may lie beyond the buffer: the last message may lack its padding.
 */
// #define NLMSG_NEXT(nlh,len) ((len) -= NLMSG_ALIGN((nlh)->nlmsg_len), …)
export function nlmsgNext(view: DataView, offset: number, endian: Endian = 'little'): number {
  return offset + nlmsgAlign(view.getUint32(offset, endian === 'little'));
}

/** Whether a whole message stands at `offset` with `remaining` bytes from there on. */
// #define NLMSG_OK(nlh,len) ((len) >= (int)sizeof(struct nlmsghdr) && (nlh)->nlmsg_len >= sizeof(struct nlmsghdr) && (nlh)->nlmsg_len <= (len))
export function nlmsgOk(
  view: DataView,
  offset: number,
  remaining: number,
  endian: Endian = 'little',
): boolean {
  if (remaining < NLMSG_HDRLEN || offset + NLMSG_HDRLEN > view.byteLength) return false;
  const length = view.getUint32(offset, endian === 'little');
  return length >= NLMSG_HDRLEN && length <= remaining;
}

/** Bytes of payload after a family header of `headerLength` bytes. */
// #define NLMSG_PAYLOAD(nlh,len) ((nlh)->nlmsg_len - NLMSG_SPACE((len)))
export function nlmsgPayload(
  view: DataView,
  offset: number,
  headerLength: number,
  endian: Endian = 'little',
): number {
  return view.getUint32(offset, endian === 'little') - nlmsgSpace(headerLength);
}
