// npm run generate -- [--specs DIR] [--check]
// Makes src/families/*.ts from the kernel's YNL files and our overlays. DIR is Documentation/netlink/specs of a
// kernel tree, or any folder with the same files. --check writes nothing and fails when something would change.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { fromSpec } from '../dist/spec/from-spec.js';
import { applyOverlay } from '../dist/spec/overlay.js';
import { printAll } from './print-all.mjs';
import { printFamily } from './print-family.mjs';

const here = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: {
    specs: { type: 'string', default: join(here, '../../../shared/specs') },
    check: { type: 'boolean', default: false },
  },
});
// npm runs this in packages/codec; a path of the caller's is relative to where the caller is.
const specs = resolve(process.env.INIT_CWD ?? '.', values.specs);
if (!existsSync(join(specs, 'rt-link.yaml'))) {
  console.error(`generate: no YNL files in ${specs}
  Give the folder with --specs, for example Documentation/netlink/specs of a Linux tree.`);
  process.exit(2);
}

const yamlNames = (folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.replace('.yaml', ''));
/** JSON schemas of the YNL itself lie in the same folder. */
const schemas = new Set(['netlink-raw', 'genetlink', 'genetlink-c', 'genetlink-legacy']);
const overlays = join(here, 'overlays');
const described = new Set(yamlNames(specs).filter((name) => !schemas.has(name)));
// An overlay without a specification of the kernel is a whole one.
const families = [...new Set([...described, ...yamlNames(overlays)])].sort();
const read = (file) => parse(readFileSync(file, 'utf8'), { uniqueKeys: false });

let stale = 0;
const write = (file, text) => {
  const target = join(here, `src/families/${file}.ts`);
  const before = existsSync(target) ? readFileSync(target, 'utf8') : '';
  if (before === text) return;
  stale++;
  if (values.check) console.error(`generate: ${target} is not what the specifications give`);
  else {
    writeFileSync(target, text);
    console.log(`wrote ${target}`);
  }
};

const made = [];
for (const name of families) {
  const overlayFile = join(overlays, `${name}.yaml`);
  const parts = [
    ...(described.has(name) ? [join(specs, `${name}.yaml`)] : []),
    ...(existsSync(overlayFile) ? [overlayFile] : []),
  ];
  const spec = parts.map(read).reduce(applyOverlay);
  const kernel = described.has(name) ? [`the kernel's ${name}.yaml`] : [];
  const ours = existsSync(overlayFile) ? [`overlays/${name}.yaml`] : [];
  const origin = [...kernel, ...ours].join(' and ');
  const table = fromSpec(spec);
  write(name, printFamily(table, origin));
  made.push({ file: name, name: table.name });
}
write('all', printAll(made));
if (values.check && stale > 0) process.exit(1);
