// Every optional (per-platform) package must be in the lock: `npm install` drops silently what a
// registry lacks, and only a later `npm ci` fails ("Missing: <pkg>@ from lock file").
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const missing = Object.entries(packages).flatMap(([at, p]) =>
  Object.keys(p.optionalDependencies ?? {})
    .filter((o) => !packages[`node_modules/${o}`] && !packages[`${at}/node_modules/${o}`])
    .map((o) => `${at} -> ${o}@${p.optionalDependencies[o]}`),
);
if (missing.length) {
  console.error(`package-lock.json lacks optional packages:\n${missing.join('\n')}`);
  process.exit(1);
}
console.log('lock: every optional package is there');
