// npm run generate -- [--specs DIR] [--check]
// Makes src/families/*.ts from the kernel's YNL files and our overlays. DIR is Documentation/netlink/specs of a
// kernel tree, or any folder with the same files. --check writes nothing and fails when something would change.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { fromSpec } from '../dist/spec/from-spec.js';
import { applyOverlay } from '../dist/spec/overlay.js';
import { printFamily } from './print-family.mjs';

const here = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: {
    specs: { type: 'string', default: join(here, '../../../shared/specs') },
    check: { type: 'boolean', default: false },
  },
});
if (!existsSync(join(values.specs, 'rt-link.yaml'))) {
  console.error(`generate: no YNL files in ${values.specs}
  Give the folder with --specs, for example Documentation/netlink/specs of a Linux tree.`);
  process.exit(2);
}

const families = ['rt-link', 'rt-addr', 'rt-route', 'rt-neigh', 'rt-rule', 'nlctrl'];
const read = (file) => parse(readFileSync(file, 'utf8'), { uniqueKeys: false });

let stale = 0;
for (const name of families) {
  const overlayFile = join(here, `overlays/${name}.yaml`);
  const overlaid = existsSync(overlayFile);
  let spec = read(join(values.specs, `${name}.yaml`));
  if (overlaid) spec = applyOverlay(spec, read(overlayFile));
  const origin = `the kernel's ${name}.yaml${overlaid ? ` and overlays/${name}.yaml` : ''}`;
  const text = printFamily(fromSpec(spec), origin);
  const target = join(here, `src/families/${name}.ts`);
  const before = existsSync(target) ? readFileSync(target, 'utf8') : '';
  if (before === text) continue;
  stale++;
  if (values.check) console.error(`generate: ${target} is not what the specifications give`);
  else {
    writeFileSync(target, text);
    console.log(`wrote ${target}`);
  }
}
if (values.check && stale > 0) process.exit(1);
