// Ends while a socket reads: by falling off the end (unref), by process.exit, or inside the callback.
import { ip, openNative, print, RTNLGRP_LINK } from './native.mjs';

const how = process.argv[2];
const socket = openNative({ groups: [RTNLGRP_LINK] });
socket.onBatch = () => {
  if (how === 'in-callback') process.exit(0);
  if (how === 'close-in-callback') {
    socket.close();
    socket.close();
    print({ closed: socket.closed });
  }
};
socket.start();
if (how === 'unref') socket.holdLoop(false);
if (how === 'exit') setTimeout(() => process.exit(0), 10);
if (how === 'never-started') socket.stop();
ip('link set lo up');
