/**
 * The RTA_* macros of `<linux/rtnetlink.h>`: the older names of the NLA_* ones for rtnetlink.
 *
 * struct rtattr { unsigned short rta_len; unsigned short rta_type; };
 */
import type { Endian } from './endian.js';
import { nlaNext, nlaOk, nlaPayload } from './nla.js';

// #define RTA_ALIGNTO 4U
export const RTA_ALIGNTO = 4;

// #define RTA_ALIGN(len) ( ((len)+RTA_ALIGNTO-1) & ~(RTA_ALIGNTO-1) )
export function rtaAlign(length: number): number {
  return (length + RTA_ALIGNTO - 1) & ~(RTA_ALIGNTO - 1);
}

// #define RTA_LENGTH(len) (RTA_ALIGN(sizeof(struct rtattr)) + (len))
export function rtaLength(payload: number): number {
  return 4 + payload;
}

// #define RTA_SPACE(len) RTA_ALIGN(RTA_LENGTH(len))
export function rtaSpace(payload: number): number {
  return rtaAlign(rtaLength(payload));
}

// #define RTA_DATA(rta) ((void*)(((char*)(rta)) + RTA_LENGTH(0)))
export function rtaData(offset: number): number {
  return offset + rtaLength(0);
}

// #define RTA_OK(rta,len) ((len) >= (int)sizeof(struct rtattr) && (rta)->rta_len >= sizeof(struct rtattr) && (rta)->rta_len <= (len))
export function rtaOk(
  view: DataView,
  offset: number,
  remaining: number,
  endian: Endian = 'little',
): boolean {
  return nlaOk(view, offset, remaining, endian);
}

// #define RTA_NEXT(rta,attrlen) ((attrlen) -= RTA_ALIGN((rta)->rta_len), …)
export function rtaNext(view: DataView, offset: number, endian: Endian = 'little'): number {
  return nlaNext(view, offset, endian);
}

// #define RTA_PAYLOAD(rta) ((int)((rta)->rta_len) - RTA_LENGTH(0))
export function rtaPayload(view: DataView, offset: number, endian: Endian = 'little'): number {
  return nlaPayload(view, offset, endian);
}
