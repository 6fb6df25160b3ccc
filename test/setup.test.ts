/** scripts/setup on machines that lack something: a PATH with only the programs that a test puts there. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const ordinary = [
  'sh',
  'dirname',
  'mktemp',
  'rm',
  'cmp',
  'cp',
  'cat',
  'grep',
  'cut',
  'sort',
  'tr',
  'tail',
  'mkdir',
];
let clone: string;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'lw-setup-'));
  cpSync(join(root, 'scripts'), join(clone, 'scripts'), { recursive: true });
  mkdirSync(join(clone, 'bin'));
  writeFileSync(join(clone, 'package-lock.json'), '{}');
  for (const program of ordinary) {
    symlinkSync(`/bin/${program}`, join(clone, 'bin', program));
  }
  program('uname', 'echo Linux');
  program('id', 'echo 1000');
  program('node', 'echo 20.19.0');
  program('g++', 'exit 0');
  // npm makes the folder; turbo says that nothing had to be built.
  program('npm', 'echo ran >>npm-runs; mkdir -p node_modules');
  program('turbo', 'echo FULL TURBO');
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

function program(name: string, script: string): void {
  const file = join(clone, 'bin', name);
  rmSync(file, { force: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

function setup(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['scripts/setup', ...args], {
    cwd: clone,
    encoding: 'utf8',
    env: { PATH: join(clone, 'bin') },
  });
  return { status, stdout, stderr };
}

const npmRuns = (): number =>
  existsSync(join(clone, 'npm-runs'))
    ? readFileSync(join(clone, 'npm-runs'), 'utf8').trim().split('\n').length
    : 0;

describe('setup', () => {
  it.each(['18.20.4', '20.18.3'])('refuses Node %s and says what it needs', (version) => {
    program('node', `echo ${version}`);
    const { status, stderr } = setup('--for', 'start');
    expect(stderr).toBe(`setup: Node ${version} is too old; linkwatch needs Node 20.19 or later\n`);
    expect(status).toBe(1);
  });

  it.each(['20.19.0', '22.0.0', '26.10.0'])('accepts Node %s', (version) => {
    program('node', `echo ${version}`);
    expect(setup('--for', 'start').status).toBe(0);
  });

  it('installs once, and again when the lock file has changed', () => {
    expect(setup('--for', 'start').stderr).toContain('installing dependencies');
    expect(setup('--for', 'start').stderr).toBe('');
    writeFileSync(join(clone, 'package-lock.json'), '{"changed":true}');
    setup('--for', 'start');
    expect(npmRuns()).toBe(2);
  });

  it('shows what npm said and installs again after a failure', () => {
    program('npm', 'echo ran >>npm-runs; mkdir -p node_modules; echo no such package; exit 1');
    const { status, stderr } = setup('--for', 'start');
    expect(stderr).toContain('no such package');
    expect(status).toBe(1);
    setup('--for', 'start');
    expect(npmRuns()).toBe(2);
  });

  it('runs the command in the environment of the build, with nothing else on standard output', () => {
    const { status, stdout } = setup('--for', 'start', '--', 'sh', '-c', 'echo "$LW_NODE"; exit 3');
    expect({ status, stdout }).toEqual({ status: 3, stdout: '20\n' });
  });

  it('names each program that tests want, what its absence means and the cure, and goes on', () => {
    const { status, stderr } = setup('--for', 'test');
    expect(stderr).toContain('ip is missing: tests on real links will skip');
    expect(stderr).toContain('apt-get install iproute2');
    expect(stderr).toContain('tmux is missing: tests in a terminal will skip');
    expect(stderr).not.toContain('g++ is missing');
    expect(status).toBe(0);
  });

  it('installs missing programs as root on Debian, and survives when that fails', () => {
    program('id', 'echo 0');
    program('apt-get', 'echo "$@" >>apt-runs; exit 100');
    const { status, stderr } = setup('--for', 'test');
    const runs = readFileSync(join(clone, 'apt-runs'), 'utf8');
    expect(runs).toMatch(/^update .*\ninstall .*iproute2 iputils-ping tmux tshark util-linux/);
    expect(stderr).toContain('apt-get could not install all of it');
    expect(stderr).toContain('ip is missing');
    expect(status).toBe(0);
  });

  it('refuses arguments that it does not know', () => {
    expect(setup('--fro', 'start').stderr).toContain("unknown argument '--fro'");
    expect(setup('--for', 'fun').stderr).toContain("not 'fun'");
    expect(setup('--for').stderr).toContain('--for needs start or test');
  });
});
