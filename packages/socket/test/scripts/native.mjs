// The native binding without TypeScript, for scripts that need it alone or in a worker.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { NetlinkSocket } = createRequire(import.meta.url)('node-gyp-build')(root);

export const columns = 7;
export const NETLINK_ROUTE = 0;
export const SOL_SOCKET = 1;
export const SO_RCVBUF = 8;
export const SOL_NETLINK = 270;
export const NETLINK_ADD_MEMBERSHIP = 1;
export const RTNLGRP_LINK = 1;

/** A bound socket with buffers; `slab` and `records` are readable on it. */
export function openNative({
  protocol = NETLINK_ROUTE,
  groups = [],
  rcvbufBytes,
  slabBytes = 262144,
  receiveBytes = 32768,
} = {}) {
  const socket = new NetlinkSocket(protocol);
  if (rcvbufBytes) socket.setOption(SOL_SOCKET, SO_RCVBUF, rcvbufBytes);
  socket.portId = socket.bind();
  for (const group of groups) socket.setOption(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
  socket.slab = new Uint8Array(slabBytes);
  socket.records = new Int32Array(2048 * columns);
  socket.setBuffers(socket.slab, socket.records, receiveBytes);
  return socket;
}

/** The rows of a batch as objects. */
export function rows(socket, count) {
  return Array.from({ length: count }, (_, index) => {
    const [offset, length, portId, group, nsid, flags, detail] = socket.records.subarray(
      index * columns,
      (index + 1) * columns,
    );
    return { offset, length, portId, group, nsid, flags, detail };
  });
}

/** RTM_GETLINK as a dump: struct nlmsghdr, then struct ifinfomsg of zeros. */
export function linkDumpRequest(seq = 1) {
  const view = new DataView(new ArrayBuffer(32));
  view.setUint32(0, 32, true);
  view.setUint16(4, 18, true);
  view.setUint16(6, 0x301, true);
  view.setUint32(8, seq, true);
  return new Uint8Array(view.buffer);
}

/** Runs `ip` with these words. */
export function ip(words) {
  execFileSync('ip', words.split(' '));
}

/** Changes the alias of `link`, which must be up, so many times; each makes one RTM_NEWLINK. */
export function changeAlias(link, times) {
  const lines = Array.from({ length: times }, (_, n) => `link set ${link} alias a${n}\n`);
  execFileSync('ip', ['-batch', '-'], { input: lines.join('') });
}

/** Items of a subscription up to the next mark, the mark included. */
export async function takeUntilMark(items) {
  const taken = [];
  while (taken.at(-1)?.kind !== 'mark') taken.push((await items.next()).value);
  return taken;
}

export function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
