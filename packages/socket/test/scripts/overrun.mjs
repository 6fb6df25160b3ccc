// A 2 KiB buffer, a storm while JavaScript is blocked, then one more event: what does the socket say?
import { changeAlias, ip, openNative, print, RTNLGRP_LINK, rows } from './native.mjs';

ip('link add v0 type veth peer name v1');
ip('link set v0 up');
const socket = openNative({ groups: [RTNLGRP_LINK], rcvbufBytes: 2048 });
const seen = [];
socket.onBatch = (count) => seen.push(...rows(socket, count));
socket.start();
changeAlias('v0', 200); // synchronous: the loop cannot read meanwhile
setTimeout(() => {
  const storm = seen.splice(0);
  ip('link set v0 alias later');
  setTimeout(() => {
    print({
      overrunAt: storm.findIndex((row) => row.flags === 2),
      dropped: storm.find((row) => row.flags === 2)?.detail,
      kept: storm.filter((row) => row.flags === 0).length,
      later: seen.filter((row) => row.flags === 0).length,
      stats: socket.stats(),
    });
    socket.close();
  }, 50);
}, 50);
