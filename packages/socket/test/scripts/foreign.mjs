// Two processes' worth of sockets in one namespace: the second sends a forged RTM_NEWLINK to the first.
// Node cannot address a netlink datagram to a port, so python3 plays the forger.
import { execFileSync } from 'node:child_process';
import { ip, openNative, print, RTNLGRP_LINK, rows } from './native.mjs';

const accept = process.argv[2] === 'accept';
const socket = openNative({ groups: [RTNLGRP_LINK] });
socket.acceptForeign(accept);
const seen = [];
socket.onBatch = (count) => seen.push(...rows(socket, count));
socket.start();
const forge = `
import socket, struct
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
s.bind((0, 0))
s.sendto(struct.pack('=IHHIIBxHiII', 32, 16, 0, 0, 0, 0, 1, 99, 0, 0), (${socket.portId}, 0))
`;
execFileSync('python3', ['-c', forge]);
ip('link set lo up');
setTimeout(() => {
  print({ rows: seen, stats: socket.stats() });
  socket.close();
}, 50);
