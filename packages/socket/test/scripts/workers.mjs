// 20 workers, each with a reading socket; the main thread terminates every second one.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { changeAlias, ip, openNative, print, RTNLGRP_LINK } from './native.mjs';

const workers = 20;

async function main() {
  ip('link add v0 type veth peer name v1');
  ip('link set v0 up');
  const codes = [];
  for (let n = 0; n < workers; n++) {
    const worker = new Worker(new URL(import.meta.url), { workerData: n });
    const ready = new Promise((resolve) => worker.once('message', resolve));
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    await ready;
    changeAlias('v0', 20);
    if (n % 2 === 0) await worker.terminate();
    codes.push(await exited);
  }
  print({ codes });
}

function work() {
  const socket = openNative({ groups: [RTNLGRP_LINK] });
  let left = workerData % 4 === 1 ? 1 : Number.POSITIVE_INFINITY;
  socket.onBatch = () => {
    left -= 1;
    if (left <= 0) process.exit(0);
  };
  socket.start();
  parentPort.postMessage('ready');
  if (workerData % 4 === 3) socket.holdLoop(false);
}

if (isMainThread) await main();
else work();
