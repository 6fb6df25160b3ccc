import type { Writable } from 'node:stream';

/** Writes lines; each call resolves when the stream has room for more. */
export type WriteLine = (line: string) => Promise<void>;

/**
 * Writes lines to a stream and waits for it when it is slow, so that what waits stays in the watcher's queue,
 * which has a limit, and not in memory without one. Rejects with the stream's error, also when that came
 * between two lines.
 */
export function lineWriter(stream: Writable): WriteLine {
  let failure: Error | undefined;
  let failed: ((error: Error) => void) | undefined;
  stream.on('error', (error: Error) => {
    failure = error;
    failed?.(error);
  });
  return (line) =>
    new Promise((resolve, reject) => {
      if (failure !== undefined) return reject(failure);
      failed = reject;
      if (stream.write(`${line}\n`)) resolve();
      else stream.once('drain', resolve);
    });
}
