#!/usr/bin/env node
import { runCli } from './cli.js';
import { processIo } from './process-io.js';

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => controller.abort(signal));
}

const io = processIo(controller.signal);
const exitCode = await runCli(process.argv.slice(2), io);
// The terminal has just echoed ^C: the shell's prompt belongs on a line of its own.
if (controller.signal.reason === 'SIGINT' && io.stderr.isTTY) await io.stderr.write('\n');
// Everything written has been taken. A socket or stdin that is still open must not hold us.
process.exit(exitCode);
