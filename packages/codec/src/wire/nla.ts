/**
 * The NLA_* macros of `<linux/netlink.h>` and the walk of `<net/netlink.h>`. Lengths are in bytes.
 *
 *  <------- NLA_HDRLEN ------> <-- NLA_ALIGN(payload)-->
 * +---------------------+- - -+- - - - - - - - - -+- - -+
 * |        Header       | Pad |     Payload       | Pad |
 * |   (struct nlattr)   | ing |                   | ing |
 * +---------------------+- - -+- - - - - - - - - -+- - -+
 *  <-------------- nlattr->nla_len -------------->
 *
 * struct nlattr { __u16 nla_len; __u16 nla_type; };
 */
import type { Endian } from './endian.js';

// #define NLA_F_NESTED (1 << 15)
export const NLA_F_NESTED = 0x8000;
// #define NLA_F_NET_BYTEORDER (1 << 14)
export const NLA_F_NET_BYTEORDER = 0x4000;
// #define NLA_TYPE_MASK ~(NLA_F_NESTED | NLA_F_NET_BYTEORDER)
export const NLA_TYPE_MASK = 0x3fff;
// #define NLA_ALIGNTO 4
export const NLA_ALIGNTO = 4;

// #define NLA_ALIGN(len) (((len) + NLA_ALIGNTO - 1) & ~(NLA_ALIGNTO - 1))
export function nlaAlign(length: number): number {
  return (length + NLA_ALIGNTO - 1) & ~(NLA_ALIGNTO - 1);
}

// #define NLA_HDRLEN ((int) NLA_ALIGN(sizeof(struct nlattr)))
export const NLA_HDRLEN = 4;

// static inline int nla_attr_size(int payload) { return NLA_HDRLEN + payload; }
export function nlaLength(payload: number): number {
  return NLA_HDRLEN + payload;
}

// static inline int nla_total_size(int payload) { return NLA_ALIGN(nla_attr_size(payload)); }
export function nlaSpace(payload: number): number {
  return nlaAlign(nlaLength(payload));
}

// static inline void *nla_data(const struct nlattr *nla) { return (char *) nla + NLA_HDRLEN; }
export function nlaData(offset: number): number {
  return offset + NLA_HDRLEN;
}

// static inline int nla_type(const struct nlattr *nla) { return nla->nla_type & NLA_TYPE_MASK; }
export function nlaType(view: DataView, offset: number, endian: Endian = 'little'): number {
  return view.getUint16(offset + 2, endian === 'little') & NLA_TYPE_MASK;
}

// static inline int nla_len(const struct nlattr *nla) { return nla->nla_len - NLA_HDRLEN; }
export function nlaPayload(view: DataView, offset: number, endian: Endian = 'little'): number {
  return view.getUint16(offset, endian === 'little') - NLA_HDRLEN;
}

// nla_ok: remaining >= (int) sizeof(*nla) && nla->nla_len >= sizeof(*nla) && nla->nla_len <= remaining
export function nlaOk(
  view: DataView,
  offset: number,
  remaining: number,
  endian: Endian = 'little',
): boolean {
  if (remaining < NLA_HDRLEN || offset + NLA_HDRLEN > view.byteLength) return false;
  const length = view.getUint16(offset, endian === 'little');
  return length >= NLA_HDRLEN && length <= remaining;
}

// nla_next: (struct nlattr *) ((char *) nla + NLA_ALIGN(nla->nla_len))
export function nlaNext(view: DataView, offset: number, endian: Endian = 'little'): number {
  return offset + nlaAlign(view.getUint16(offset, endian === 'little'));
}
