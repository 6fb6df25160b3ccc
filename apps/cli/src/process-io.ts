import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Input, Io, Output } from './io.js';
import { systemClock } from './system-clock.js';

/** The outside of this process. */
export function processIo(signal: AbortSignal): Io {
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    stdin: stdin(),
    env: process.env,
    signal,
    clock: systemClock,
    epoch: randomBytes(8).toString('hex'),
    openFile: (path) => createReadStream(path),
    openSource: async (options) => (await import('./kernel-source.js')).openKernelSource(options),
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // Failures come to the callback of `write`; without a listener they would end the process as well.
  stream.on('error', () => {});
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      // A terminal may not know its width (a serial line): 0.
      return stream.isTTY ? stream.columns || undefined : undefined;
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => (error ? reject(error) : resolve()));
      }),
  };
}

/** Touched when it is read: making the stream starts reading a terminal. */
function stdin(): Input {
  return {
    get isTTY() {
      return process.stdin.isTTY === true;
    },
    [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator](),
  };
}
