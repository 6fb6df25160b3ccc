// Watches the links of the namespace it runs in while commands from its arguments run, one after the other,
// each followed by a pause; prints each event, then the snapshot and what `ip -j` says, one JSON object a line.
//   node watch.mjs [--rcvbuf BYTES] COMMAND…
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { NetlinkClient } from '@lw/socket';
import { eventToJson, linkToJson, watchLinks } from '@lw/watch';

const args = process.argv.slice(2);
const rcvbufBytes = args[0] === '--rcvbuf' ? Number(args.splice(0, 2)[1]) : undefined;
/** Between commands: an event of the kernel's linkwatch may be a second late (K2). */
const pauseMs = 50;

const clock = {
  now: Date.now,
  monotonicNs: process.hrtime.bigint,
  setTimer: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const client = new NetlinkClient(rcvbufBytes === undefined ? {} : { rcvbufBytes });
const watcher = watchLinks(client, { clock, epoch: 'test' });
const printing = (async () => {
  for await (const event of watcher) print({ event: eventToJson(event) });
})();
await watcher.ready;
for (const command of args) {
  execFileSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'] });
  await sleep(pauseMs);
}
// Quiet: a bridge or a tap may tell of its carrier a second late (K2, K5), and duplicate detection takes up to
// two (K16). Asking may flush what is left (K3).
await sleep(2500);
const links = JSON.parse(execFileSync('ip', ['-j', '-d', 'addr'], { encoding: 'utf8' }));
await sleep(200);
print({ snapshot: watcher.snapshot().map(linkToJson), links, stats: watcher.stats });
await watcher.close();
await printing;
await client.close();
