// Packs each package as npm would publish it, looks at what is in it, and installs all of them into a program
// outside of the workspace: what only resolves inside of it fails here and not at a user's.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const required = {
  '@lw/codec': ['dist/index.js', 'dist/index.d.ts', 'dist/families/rt-link.js'],
  '@lw/socket': ['dist/index.js', 'dist/index.d.ts', 'native/netlink_socket.cc', 'binding.gyp'],
  '@lw/watch': ['dist/index.js', 'dist/index.d.ts'],
};
const unwanted = /(^|\/)(test|coverage|node_modules|\.turbo)\/|\.tsbuildinfo$|\.o$/;

const program = `
import { decodeMessage, splitMessages } from '@lw/codec';
import { rtLink } from '@lw/codec/families/rt-link';
import { NetlinkClient } from '@lw/socket';
import { watchLinks } from '@lw/watch';
const wanted = { decodeMessage, splitMessages, NetlinkClient, watchLinks };
for (const [name, value] of Object.entries(wanted)) {
  if (typeof value !== 'function') throw new Error(name + ' is not exported');
}
if (rtLink.ops.getlink === undefined) throw new Error('rtLink has no getlink');
`;

const scratch = mkdtempSync(join(tmpdir(), 'lw-pack-'));
try {
  const tarballs = readdirSync('packages').map((name) => pack(resolve('packages', name)));
  writeFileSync(join(scratch, 'package.json'), '{"private":true,"type":"module"}');
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs], scratch);
  writeFileSync(join(scratch, 'program.js'), program);
  execFileSync(process.execPath, ['program.js'], { cwd: scratch, stdio: 'inherit' });
  console.log('a program outside of the workspace imports all packages');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function pack(dir) {
  const [{ name, filename, size, files }] = JSON.parse(
    npm(['pack', '--json', '--pack-destination', scratch], dir),
  );
  const paths = files.map(({ path }) => path);
  const missing = (required[name] ?? []).filter((path) => !paths.includes(path));
  const extra = paths.filter((path) => unwanted.test(path));
  if (missing.length > 0) throw new Error(`${name}: the tarball lacks ${missing.join(', ')}`);
  if (extra.length > 0) throw new Error(`${name}: the tarball has ${extra.join(', ')}`);
  console.log(`${name}: ${paths.length} files, ${Math.round(size / 1024)} KiB`);
  return join(scratch, filename);
}

function npm(args, cwd) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8' });
}
