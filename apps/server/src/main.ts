/** lwd: watches this machine's links in the foreground and writes each event as a JSON line. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { NetlinkClient } from '@lw/socket';
import { eventToJson, watchLinks } from '@lw/watch';
import { systemClock } from './system-clock.js';

const usage = `Usage: lwd

Watches the network links of this machine and writes each event as a JSON line on standard output, until
SIGTERM or SIGINT. Takes no options yet.
`;

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage);
    return 0;
  }
  if (args.length > 0) {
    process.stderr.write(`lwd: unknown argument '${args[0]}'\n${usage}`);
    return 2;
  }
  return watch();
}

async function watch(): Promise<number> {
  const client = new NetlinkClient();
  const watcher = watchLinks(client, { clock: systemClock, epoch: randomUUID() });
  const stop = (): void => void watcher.close();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Whoever read us is gone: nothing is left to do.
  process.stdout.on('error', stop);
  try {
    for await (const event of watcher) await writeLine(JSON.stringify(eventToJson(event)));
    return 0;
  } finally {
    await client.close();
  }
}

/** Waits while the reader is slow: the watcher then stops taking from the kernel, which says overrun if it must. */
async function writeLine(line: string): Promise<void> {
  const { stdout } = process;
  if (stdout.writable && !stdout.write(`${line}\n`)) {
    await Promise.race([once(stdout, 'drain'), once(stdout, 'close')]);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`lwd: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
