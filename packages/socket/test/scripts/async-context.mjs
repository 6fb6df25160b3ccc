// A batch runs in the async context of the code that opened the socket, and its promises run at its end.
import { AsyncLocalStorage, executionAsyncId } from 'node:async_hooks';
import { openKernelTransport } from '@lw/socket';
import { ip, print, RTNLGRP_LINK } from './native.mjs';

const storage = new AsyncLocalStorage();
storage.run('opener', () => {
  const transport = openKernelTransport({ groups: [RTNLGRP_LINK] });
  const order = [];
  const receive = () => {
    order.push('batch');
    setImmediate(() => {
      print({ order, store: storage.getStore() });
      transport.close();
    });
    process.nextTick(() => order.push('tick'));
    queueMicrotask(() => order.push('promise'));
    order.push(executionAsyncId() > 0 ? 'in a context' : 'without context');
  };
  transport.start({ receive, failed: (error) => print({ failed: String(error) }) });
});
ip('link set lo up');
