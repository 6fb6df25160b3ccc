/** lwd: watches links in the foreground and writes each event as a JSON line. */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { NetlinkClient } from '@lw/socket';
import { readArguments, usage } from './arguments.js';
import { flushed, lineWriter } from './line-writer.js';
import { run } from './run.js';
import { systemClock } from './system-clock.js';

/** For a reader to take the last lines; one that has stopped reading gets no more time. */
const flushGraceMs = 1000;

const exitCode = await main(process.argv.slice(2));
await flushed(process.stdout, flushGraceMs);
process.exit(exitCode);

async function main(args: readonly string[]): Promise<number> {
  const request = readArguments(args);
  switch (request.kind) {
    case 'help':
      process.stdout.write(usage);
      return 0;
    case 'version':
      process.stdout.write(`${version()}\n`);
      return 0;
    case 'wrong':
      process.stderr.write(`lwd: ${request.why}\n\n${usage}`);
      return 2;
    case 'run':
      return serve();
  }
}

async function serve(): Promise<number> {
  const client = new NetlinkClient();
  const signal = endSignal();
  try {
    await run({
      source: client,
      clock: systemClock,
      epoch: randomUUID(),
      write: lineWriter(process.stdout, signal),
      signal,
    });
    return 0;
  } catch (error) {
    return explain(error as NodeJS.ErrnoException);
  } finally {
    await client.close();
  }
}

/** The first signal ends the run in order; a second one kills, as Node does by itself. */
function endSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => controller.abort(new Error(name)));
  }
  return controller.signal;
}

function explain(error: NodeJS.ErrnoException): number {
  // Whoever read our lines has gone, as `lwd | head` does: nobody is left to be told.
  if (error.code === 'EPIPE') return 0;
  process.stderr.write(
    `lwd: ${error.code === undefined ? '' : `${error.code}: `}${error.message}\n`,
  );
  return 1;
}

function version(): string {
  const { version: number } = createRequire(import.meta.url)('../package.json');
  return number;
}
