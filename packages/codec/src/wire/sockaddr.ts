/**
 * The address of a netlink socket, `<linux/netlink.h>`:
 *
 * struct sockaddr_nl {
 *   __kernel_sa_family_t nl_family;   AF_NETLINK
 *   unsigned short nl_pad;            zero
 *   __u32 nl_pid;                     port id; 0 is the kernel
 *   __u32 nl_groups;                  multicast groups 1 to 32 as a mask
 * };
 */
import { DecodeError } from '../errors.js';
import type { Endian } from './endian.js';

export const AF_NETLINK = 16;
/** sizeof(struct sockaddr_nl), in bytes. */
export const SOCKADDR_NL_LENGTH = 12;

/** A decoded `sockaddr_nl`. */
export interface SockaddrNl {
  readonly family: number;
  readonly portId: number;
  /** Bit n-1 stands for group n; groups above 32 do not fit here. */
  readonly groups: number;
}

/** Writes a `sockaddr_nl`; `portId` 0 lets the kernel choose (K30). */
export function encodeSockaddrNl(
  address: { readonly portId?: number; readonly groups?: number },
  endian: Endian = 'little',
): Uint8Array {
  const bytes = new Uint8Array(SOCKADDR_NL_LENGTH);
  const view = new DataView(bytes.buffer);
  const little = endian === 'little';
  view.setUint16(0, AF_NETLINK, little);
  view.setUint32(4, address.portId ?? 0, little);
  view.setUint32(8, address.groups ?? 0, little);
  return bytes;
}

/** Reads a `sockaddr_nl`. @throws DecodeError when it is short or of another address family. */
export function decodeSockaddrNl(bytes: Uint8Array, endian: Endian = 'little'): SockaddrNl {
  if (bytes.length < SOCKADDR_NL_LENGTH) {
    throw new DecodeError(
      'HEADER_LENGTH',
      bytes.length,
      '',
      `sockaddr_nl is ${SOCKADDR_NL_LENGTH} bytes, ${bytes.length} are there`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = endian === 'little';
  const family = view.getUint16(0, little);
  if (family !== AF_NETLINK) {
    throw new DecodeError('VALUE_LENGTH', 0, '', `address family ${family} is not AF_NETLINK`);
  }
  return { family, portId: view.getUint32(4, little), groups: view.getUint32(8, little) };
}
