import { type Clock, eventToJson, type LinkSource, watchLinks } from '@lw/watch';
import type { WriteLine } from './line-writer.js';

export interface RunOptions {
  readonly source: LinkSource;
  readonly clock: Clock;
  /** Names this run in each event. */
  readonly epoch: string;
  readonly write: WriteLine;
  /** Ends the run; that is no failure. */
  readonly signal: AbortSignal;
}

/** Writes every event as a JSON line until the signal. Rejects when the source or the output fails. */
export async function run({ source, clock, epoch, write, signal }: RunOptions): Promise<void> {
  try {
    for await (const event of watchLinks(source, { clock, epoch, signal })) {
      await write(JSON.stringify(eventToJson(event)));
    }
  } catch (error) {
    // The watcher ends with the signal's own reason; anything else is a failure, also after a signal.
    if (!(signal.aborted && error === signal.reason)) throw error;
  }
}
