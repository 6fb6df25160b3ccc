// Leaves a streamed dump early: with nothing else to do, the process ends at once, not at the deadline.
import { execFileSync } from 'node:child_process';
import { rtRoute } from '@lw/codec/families/rt-route';
import { NetlinkClient } from '@lw/socket';
import { ip, print } from './native.mjs';

const routes = 20_000; // about 1 MiB: far beyond what one turn of the loop reads
ip('link set lo up');
const lines = Array.from(
  { length: routes },
  (_, n) => `route add 10.${n >> 8}.${n & 255}.0/24 dev lo\n`,
);
execFileSync('ip', ['-batch', '-'], { input: lines.join('') });

const client = new NetlinkClient();
const dump = client.dump(rtRoute.ops.getroute, { stream: true, timeoutMs: 20_000 });
for await (const _ of dump) break;
const code = await dump.collect().catch((error) => error.code);
const left = performance.now();
process.on('exit', () => {
  print({ code, interrupted: dump.interrupted ?? null, lingeredMs: performance.now() - left });
});
