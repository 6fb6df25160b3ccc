import {
  errnoName,
  NETLINK_ADD_MEMBERSHIP,
  NETLINK_CAP_ACK,
  NETLINK_EXT_ACK,
  NETLINK_GET_STRICT_CHK,
  NETLINK_LISTEN_ALL_NSID,
  NETLINK_PKTINFO,
  SOL_NETLINK,
} from '@lw/codec';
import { integerOption } from './integer-option.js';
import type { NativeSocket } from './native-binding.js';
import { toSyscallError } from './syscall-error.js';

// Socket level, as asm-generic/socket.h numbers it (x86, arm, riscv).
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
/** The kernel doubles what is asked for and keeps it in an int. */
const maxRcvbufBytes = 2 ** 30;
/** Options are an int. */
const maxInt = 2 ** 31 - 1;

/**
 * Asks for a receive buffer, past the system's limit when we may (K27).
 * @throws SocketError 'BAD_OPTION' for what is no integer of 1 to 2^30.
 * @returns what was granted, in the kernel's accounting: twice what was asked, when all was granted.
 */
export function setReceiveBuffer(socket: NativeSocket, askedBytes: number): number {
  const rcvbufBytes = integerOption({
    name: 'rcvbufBytes',
    value: askedBytes,
    min: 1,
    max: maxRcvbufBytes,
    cure: 'leave it out for 4 MiB',
  });
  if (!tryOption(socket, SOL_SOCKET, SO_RCVBUFFORCE, rcvbufBytes)) {
    setOption(socket, { level: SOL_SOCKET, option: SO_RCVBUF, value: rcvbufBytes }, 'set rcvbuf');
  }
  return socket.getOption(SOL_SOCKET, SO_RCVBUF);
}

/**
 * Extended and capped acknowledgements, and strict checking of dump requests (K28). Kernels older than
 * an option answer ENOPROTOOPT, and work without it.
 */
export function setAckOptions(socket: NativeSocket): void {
  for (const option of [NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK]) {
    tryOption(socket, SOL_NETLINK, option, 1);
  }
}

/** Joins groups by number, and asks for the group of each datagram. */
export function joinGroups(socket: NativeSocket, groups: readonly number[]): void {
  if (groups.length === 0) return;
  tryOption(socket, SOL_NETLINK, NETLINK_PKTINFO, 1);
  for (const group of groups) {
    const cure = 'groups are numbers such as RTNLGRP_LINK (1), not bit masks';
    integerOption({ name: 'group', value: group, min: 1, max: maxInt, cure });
    setOption(
      socket,
      { level: SOL_NETLINK, option: NETLINK_ADD_MEMBERSHIP, value: group },
      `join netlink group ${group}`,
      'the number must be a group of this protocol; some groups need CAP_NET_ADMIN',
    );
  }
}

/** Hears every namespace that has an id in ours (K33). */
export function listenAllNsid(socket: NativeSocket): void {
  setOption(
    socket,
    { level: SOL_NETLINK, option: NETLINK_LISTEN_ALL_NSID, value: 1 },
    'listen to all namespaces',
    'it needs CAP_NET_BROADCAST in the user namespace of the network namespace (K32); without it, watch one namespace',
  );
}

interface OptionValue {
  readonly level: number;
  readonly option: number;
  readonly value: number;
}

function setOption(socket: NativeSocket, to: OptionValue, attempted: string, cure?: string): void {
  try {
    socket.setOption(to.level, to.option, to.value);
  } catch (thrown) {
    throw toSyscallError(thrown, attempted, cure);
  }
}

/** False when the kernel does not know the option or does not allow it to us. */
function tryOption(socket: NativeSocket, level: number, option: number, value: number): boolean {
  try {
    socket.setOption(level, option, value);
    return true;
  } catch (thrown) {
    const code = errnoName((thrown as { errno?: number }).errno ?? 0);
    if (code === 'ENOPROTOOPT' || code === 'EPERM') return false;
    throw toSyscallError(thrown, `set socket option ${level}/${option}`);
  }
}
