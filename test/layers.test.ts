/**
 * The arrows of ARCHITECTURE.md are held by the linter and the compiler. A rule that never fires is worth
 * nothing, so each one is broken here on purpose, in a scratch copy of the workspace's configuration.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const bin = join(root, 'node_modules/.bin');
let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lw-layers-'));
  for (const file of ['biome.json', 'package.json', 'tsconfig.base.json', '.gitignore']) {
    cpSync(join(root, file), join(scratch, file));
  }
  // biome asks git which files are ignored, and refuses to run outside of a repository.
  spawnSync('git', ['init', '-q'], { cwd: scratch });
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

function run(program: string, ...args: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(join(bin, program), args, {
    cwd: scratch,
    encoding: 'utf8',
  });
  // Messages are wrapped to the width of a terminal: sentences are compared without line breaks.
  return { status, output: `${stdout}${stderr}`.replace(/[│\s]+/g, ' ') };
}

/** Puts a file into a workspace of the scratch copy, beside that workspace's own configuration. */
function plant(workspace: string, text: string): string {
  for (const file of ['package.json', 'tsconfig.build.json']) {
    mkdirSync(join(scratch, workspace), { recursive: true });
    cpSync(join(root, workspace, file), join(scratch, workspace, file));
  }
  const file = join(workspace, 'src/planted.ts');
  mkdirSync(dirname(join(scratch, file)), { recursive: true });
  writeFileSync(join(scratch, file), text);
  return file;
}

function lintImport(workspace: string, from: string): Outcome {
  const file = plant(workspace, `import * as planted from '${from}';\n\nconsole.log(planted);\n`);
  return run('biome', 'lint', '--colors=off', '--only=style/noRestrictedImports', file);
}

const arrows: readonly (readonly [workspace: string, from: string, sentence: string])[] = [
  ['packages/codec', 'node:fs', '@lw/codec is pure and imports nothing'],
  ['packages/codec', '@lw/socket', '@lw/codec is pure and imports nothing'],
  ['packages/codec', '@lw/watch', '@lw/codec is pure and imports nothing'],
  ['packages/socket', '@lw/watch', '@lw/socket may import @lw/codec only'],
  ['packages/watch', '@lw/socket', '@lw/watch is pure and may import @lw/codec only'],
  ['packages/watch', 'node:timers', '@lw/watch is pure and may import @lw/codec only'],
  ['apps/server', '@lw/cli', 'The daemon never imports the command line'],
];

describe('the linter refuses an import against the arrows', () => {
  it.each(arrows)('%s does not import %s', (workspace, from, sentence) => {
    const { status, output } = lintImport(workspace, from);
    expect(output).toContain(sentence);
    expect(status).toBe(1);
  });

  it.each([
    ['packages/socket', '@lw/codec'],
    ['packages/socket', 'node:module'],
    ['packages/watch', '@lw/codec'],
    ['apps/server', '@lw/watch'],
  ])('%s may import %s', (workspace, from) => {
    expect(lintImport(workspace, from).status).toBe(0);
  });
});

describe('the compiler refuses I/O in pure packages', () => {
  const uses = ['process.exit(1)', 'setTimeout(() => undefined, 1)', 'console.log(1)'];
  const rows = ['packages/codec', 'packages/watch'].flatMap((dir) => uses.map((use) => [dir, use]));

  function compile(workspace: string, statement: string): Outcome {
    plant(workspace, `export function planted(): void {\n  ${statement};\n}\n`);
    return run('tsc', '--noEmit', '-p', `${workspace}/tsconfig.build.json`);
  }

  it.each(rows)('%s does not know %s', (workspace, use) => {
    const { status, output } = compile(workspace as string, use as string);
    expect(output).toContain(`Cannot find name '${use?.match(/^\w+/)?.[0]}'`);
    expect(status).not.toBe(0);
  });

  it.each(['packages/codec', 'packages/watch'])('%s may compute', (workspace) => {
    expect(compile(workspace, 'Math.max(1, 2)')).toEqual({ status: 0, output: '' });
  });
});
