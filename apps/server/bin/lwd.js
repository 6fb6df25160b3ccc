#!/usr/bin/env node
// Committed, so that npm links `lwd` on a fresh clone too, where dist is still to be built.
import { existsSync } from 'node:fs';

if (existsSync(new URL('../dist/main.js', import.meta.url))) await import('../dist/main.js');
else {
  process.stderr.write(
    'lwd: not built yet\nlwd: npm run build, or npm start, in the folder of linkwatch\n',
  );
  process.exitCode = 1;
}
