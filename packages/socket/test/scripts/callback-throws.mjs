// What a batch callback throws, at once or in a tick or a promise of its own, is an uncaught exception.
import { ip, openNative, print, RTNLGRP_LINK } from './native.mjs';

const how = process.argv[2];
const socket = openNative({ groups: [RTNLGRP_LINK] });
const error = new Error(how);
socket.onBatch = () => {
  socket.onBatch = () => {};
  if (how === 'throw') throw error;
  if (how === 'tick')
    process.nextTick(() => {
      throw error;
    });
  if (how === 'promise') void Promise.reject(error);
};
socket.start();
if (process.argv[3] === 'handled') {
  process.on('uncaughtException', (caught) => {
    print({ caught: caught.message, same: caught === error });
    setImmediate(() => socket.close());
  });
}
ip('link set lo up');
