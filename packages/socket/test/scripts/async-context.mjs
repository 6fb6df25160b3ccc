// A batch runs in the async context of the code that opened the socket, and its promises run at its end.
import { AsyncLocalStorage, executionAsyncId } from 'node:async_hooks';
import { ip, openNative, print, RTNLGRP_LINK } from './native.mjs';

const storage = new AsyncLocalStorage();
storage.run('opener', () => {
  const socket = openNative({ groups: [RTNLGRP_LINK] });
  const order = [];
  socket.onBatch = () => {
    order.push('batch');
    setImmediate(() => {
      print({ order, store: storage.getStore() });
      socket.close();
    });
    process.nextTick(() => order.push('tick'));
    queueMicrotask(() => order.push('promise'));
    order.push(executionAsyncId() > 0 ? 'in a context' : 'without context');
  };
  socket.start();
});
ip('link set lo up');
