// warm.mjs PEERS NAMESPACE link|route [rounds] [dumps]
//
// The bars of DESIGN section 9 for dumps are about a process that runs already: Node alone takes longer to start
// than the kernel to answer. Both sides dump many times inside one process; the first, cold one is left out,
// and the rounds take turns, so that a slow second of the machine hits both.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [peers, namespace, kind, rounds = '3', dumps = '9'] = process.argv.slice(2);
const ours = fileURLToPath(new URL('peer.mjs', import.meta.url));
const contenders = {
  'C floor, 32 KiB': [`${peers}/floor`, 'dump', kind, '--iters', dumps],
  // Decoded one after the other and let go, as the floor lets go of what it walks.
  'linkwatch, streamed': [process.execPath, ours, 'dump', kind, 'stream', dumps],
  // All objects of a dump held at once in an array: the collector's work comes on top.
  'linkwatch, collected': [process.execPath, ours, 'dump', kind, 'objects', dumps],
};

const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
let count = 0;
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, command] of Object.entries(contenders)) {
    const result = JSON.parse(inNamespace(command));
    count = result.count;
    times[name].push(...result.ms.slice(1));
  }
}

const floor = median(times['C floor, 32 KiB']);
console.log(
  `\n### ${count.toLocaleString('en')} ${kind}s, warm, every attribute decoded to objects\n`,
);
console.log('| contender | median ms | min ms | × floor (median) |\n|---|---:|---:|---:|');
for (const [name, ms] of Object.entries(times)) {
  const middle = median(ms);
  const cells = [middle.toFixed(1), Math.min(...ms).toFixed(1), (middle / floor).toFixed(2)];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}

function inNamespace(command) {
  return execFileSync('ip', ['netns', 'exec', namespace, ...command], { encoding: 'utf8' });
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
