import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { titleOf } from './namespace.js';

const include = join(dirname(dirname(process.execPath)), 'include/node');
const compiler = process.env.CXX ?? 'g++';
const missing = whatIsMissing();

test.skipIf(missing !== undefined)(
  titleOf('our declarations of libuv are libuv’s own', missing),
  () => {
    const source = fileURLToPath(new URL('uv-abi.cc', import.meta.url));
    const argv = ['-std=c++17', '-fsyntax-only', '-Wall', '-Werror', '-isystem', include, source];
    const { status, stderr } = spawnSync(compiler, argv, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  },
);

function whatIsMissing(): string | undefined {
  if (!existsSync(join(include, 'uv.h'))) return `uv.h is not in ${include}`;
  return spawnSync(compiler, ['--version']).status === 0 ? undefined : `${compiler} is missing`;
}
