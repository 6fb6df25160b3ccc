import { describe, expect, test } from 'vitest';
import { commandTable } from '../src/commands.js';
import { finish } from './scripted-io.js';
import { linkRow } from './scripted-source.js';

describe('lw', () => {
  test('help names every command, and each has help of its own', async () => {
    const overall = (await finish(['help'])).stdout;
    for (const { name, summary } of commandTable) {
      expect(overall).toContain(summary);
      const { exit, stdout } = await finish(['help', name]);
      expect([exit, stdout]).toEqual([0, (await finish([name, '--help'])).stdout]);
      expect(stdout).toContain(`Usage: lw ${name}`);
      expect(stdout).toContain('--json');
      expect((await finish([name, '-h'])).stdout).toBe(stdout);
    }
  });

  test('help names the exit code of each signal', async () => {
    for (const topic of [[], ['watch']]) {
      const { stdout } = await finish(['help', ...topic]);
      for (const code of ['129', '130', '143']) expect(stdout).toContain(code);
    }
  });

  test('help fits a terminal of 100 columns', async () => {
    for (const { name } of [{ name: 'help' }, ...commandTable]) {
      const { stdout } = await finish(['help', name]);
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    }
  });

  test.each([['--help'], ['-h'], ['help', 'help']])(
    '%s shows the overall help',
    async (...argv) => {
      expect(await finish(argv)).toEqual(await finish(['help']));
    },
  );

  test.each([
    ['--version'],
    ['-V'],
    ['list', '-V'],
    ['watch', '--version'],
    ['-V', 'show'],
    ['help', '-V'],
  ])('%s %s shows the version', async (...argv) => {
    expect((await finish(argv)).stdout).toMatch(/^lw \d+\.\d+\.\d+\n$/);
  });

  test.each([
    [
      ['--json', 'list'],
      ['list', '--json'],
    ],
    [
      ['--color', 'always', 'list'],
      ['list', '--color=always'],
    ],
    [
      ['-j', 'show', 'v0'],
      ['show', 'v0', '--json'],
    ],
    [
      ['--json', '--hex', '-p', 'generic', 'decode'],
      ['decode', '--hex', '--json', '-p', 'generic'],
    ],
    [
      ['--help', 'watch'],
      ['help', 'watch'],
    ],
    [
      ['--json', 'help', 'show'],
      ['help', 'show'],
    ],
    [['--json', '--help'], ['help']],
    [['--json', 'wacth'], ['wacth']],
    [
      ['--color', 'list'],
      ['list', '--color', 'list'],
    ],
  ])('options may stand before the command: %j is %j', async (argv, same) => {
    const scene = { kernel: { links: [linkRow(3, 'v0')] }, stdin: '10000000' };
    expect(await finish(argv, scene)).toEqual(await finish(same, scene));
  });

  test.each([
    ['lits', 'did you mean lw list?'],
    ['wacth', 'did you mean lw watch?'],
    ['eth0', 'to show a link of that name: lw show eth0'],
    ['x'.repeat(10_000), 'see lw help'],
  ])('an unknown command is wrong usage: %.10s', async (word, advice) => {
    const { exit, stdout, stderr } = await finish([word]);
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`lw: ${advice}\n`);
  });

  test.each([
    [['list', '--jsno'], 'did you mean --json?'],
    [['list', '-x'], 'lw list has no option -x'],
    [['--rcvbuf', '1'], 'lw list has no option --rcvbuf'],
    [['list', '--json=yes'], '--json takes no value'],
    [['watch', '--rcvbuf'], '--rcvbuf needs a value: --rcvbuf BYTES'],
    [['watch', '--rcvbuf', '--json'], '--rcvbuf needs a value'],
    [['list', '--color', 'blue'], 'use one of: never, always, auto'],
    [['list', 'eth0'], 'to show one link: lw show eth0'],
    [['help', 'lits'], 'did you mean lw list?'],
  ])('%j is wrong usage, and says: %s', async (argv, advice) => {
    const { exit, stdout, stderr } = await finish(argv);
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toContain(advice);
    expect(stderr).toMatch(/^(lw: .*\n)+$/);
  });

  test('words of the user come back with their control bytes escaped', async () => {
    const { stderr } = await finish(['\x1b[2J']);
    expect(stderr).toContain("there is no command '\\x1b[2J'");
  });

  test.each([
    [{}, 'lw: set LW_DEBUG=1 to see where\n'],
    [{ LW_DEBUG: '1' }, 'lw: TypeError: x is not a function\n'],
  ])('a fault of our own is told as one, with %j where to look', async (env, hint) => {
    const kernel = { links: [], failure: new TypeError('x is not a function') };
    const { exit, stderr } = await finish(['list'], { env, kernel });
    expect(exit).toBe(1);
    expect(stderr).toContain('lw: unexpected: x is not a function; this is a fault of lw');
    expect(stderr).toContain(hint);
  });

  test('a limit of open files that is too low is told with what to do', async () => {
    const words = "EMFILE: too many open files, open '/x/dist/index.js'";
    const failure = Object.assign(new Error(words), { code: 'EMFILE' });
    expect(await finish(['list'], { kernel: { links: [], failure } })).toEqual({
      exit: 1,
      stdout: '',
      stderr:
        'lw: too many open files (EMFILE)\nlw: raise the limit of open files: ulimit -n 256\n',
    });
  });

  test('an output that cannot be written is a failure in words', async () => {
    const writeFailure = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
    });
    expect(await finish(['help'], { writeFailure })).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'lw: cannot write to standard output: no space left on device (ENOSPC)\n',
    });
  });
});
