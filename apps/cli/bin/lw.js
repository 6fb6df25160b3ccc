#!/usr/bin/env node
// Committed, so that npm links `lw` on a fresh clone too, where dist is still to be built.
import { existsSync } from 'node:fs';

if (existsSync(new URL('../dist/main.js', import.meta.url))) await import('../dist/main.js');
else {
  process.stderr.write(
    'lw: not built yet\nlw: npm run build, or npm start, in the folder of linkwatch\n',
  );
  process.exitCode = 1;
}
