import type { Writable } from 'node:stream';

/** Writes lines; each call resolves when the stream has room for more. */
export type WriteLine = (line: string) => Promise<void>;

/**
 * Writes lines to a stream and waits for it when it is slow, so that what waits stays in the watcher's queue,
 * which has a limit, and not in memory without one. Rejects with the stream's error, also when that came
 * between two lines, and with the signal's reason: a reader that has stopped reading must not hold the end.
 */
export function lineWriter(stream: Writable, signal: AbortSignal): WriteLine {
  let failure: Error | undefined;
  let reject: ((reason: unknown) => void) | undefined;
  stream.on('error', (error: Error) => {
    failure = error;
    reject?.(error);
  });
  signal.addEventListener('abort', () => reject?.(signal.reason));
  return (line) =>
    new Promise((resolve, refuse) => {
      if (failure !== undefined) return refuse(failure);
      reject = refuse;
      if (stream.write(`${line}\n`)) resolve();
      else stream.once('drain', resolve);
    });
}

/** Resolves when all that was written has been taken, or after `graceMs`. */
export function flushed(stream: Writable, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) return resolve();
    setTimeout(resolve, graceMs);
    stream.once('drain', resolve).once('error', () => resolve());
  });
}
