import { describe, expect, test } from 'vitest';
import { finish, type Scene } from './scripted-io.js';
import { addressRow, linkRow, peerRow, type Script } from './scripted-source.js';

const kernel: Script = {
  links: [
    linkRow(1, 'lo', { operstate: 0, ifiFlags: 0x1_0049, address: '00:00:00:00:00:00' }),
    linkRow(2, 'br0', { linkinfo: { kind: 'bridge' } }),
    linkRow(3, 'v0', { linkinfo: { kind: 'veth' }, master: 2, operstate: 2 }),
    linkRow(4, 'v1', { linkinfo: { kind: 'veth' }, ifiFlags: 0x1002, operstate: 2 }),
  ],
  addresses: [addressRow(2, '192.0.2.1', 24), addressRow(2, '2001:db8::1', 64)],
};

describe('lw list', () => {
  test('to a pipe it writes aligned columns in full, without colour, an empty one as a dash', async () => {
    const { exit, stdout, stderr } = await finish(['list'], { kernel });
    expect(stdout).toBe(
      `NAME  STATE       LEVEL     KIND      MTU   MASTER  MAC                ADDRESSES
lo    up?         carrier   ethernet  1500  -       00:00:00:00:00:00  -
br0   up          routable  bridge    1500  -       02:00:00:00:00:02  192.0.2.1/24,2001:db8::1/64
v0    down        none      veth      1500  br0     02:00:00:00:00:03  -
v1    admin-down  none      veth      1500  -       02:00:00:00:00:04  -
`,
    );
    expect([exit, stderr]).toEqual([0, '']);
  });

  test('an address with another end has no spaces in its column', async () => {
    const addresses = [peerRow(2, '192.0.2.1', '192.0.2.2')];
    const { stdout } = await finish(['list'], { kernel: { ...kernel, addresses } });
    expect(stdout).toContain(' 192.0.2.1>192.0.2.2/32\n');
    expect((await finish(['help', 'list'])).stdout).toContain('1.1.1.1>2.2.2.2/32');
  });

  test('to a terminal it colours states: up green, down red, down on purpose grey', async () => {
    const { stdout } = await finish(['list'], { kernel, columns: 120 });
    expect(stdout).toContain('\x1b[32mup\x1b[0m');
    expect(stdout).toContain('\x1b[31mdown\x1b[0m');
    expect(stdout).toContain('\x1b[2madmin-down\x1b[0m');
  });

  test.each<[string, Scene, readonly string[], boolean]>([
    ['a terminal with NO_COLOR', { columns: 120, env: { NO_COLOR: '1' } }, [], false],
    ['a terminal with an empty NO_COLOR', { columns: 120, env: { NO_COLOR: '' } }, [], true],
    ['a dumb terminal', { columns: 120, env: { TERM: 'dumb' } }, [], false],
    ['a terminal and --color never', { columns: 120 }, ['--color', 'never'], false],
    ['a pipe and --color=always', { env: { NO_COLOR: '1' } }, ['--color=always'], true],
    ['a pipe and --color auto', {}, ['--color', 'auto'], false],
  ])('%s: colour is as asked', async (_, scene, options, colored) => {
    const { stdout } = await finish(['list', ...options], { kernel, ...scene });
    expect(stdout.includes('\x1b[')).toBe(colored);
  });

  test.each([10, 20, 30, 40, 60, 80, 90])(
    'on a terminal of %i cells no line is longer',
    async (columns) => {
      const { stdout } = await finish(['list', '--color', 'never'], { kernel, columns });
      const widest = Math.max(...stdout.split('\n').map((line) => line.length));
      expect(widest).toBeLessThanOrEqual(columns);
      expect(stdout).toMatch(/^NAME/);
      expect(stdout).toContain('\nv0');
    },
  );

  test('a narrow terminal keeps name, state and what fits of the addresses', async () => {
    const { stdout } = await finish(['list', '--color', 'never'], { kernel, columns: 40 });
    expect(stdout).toContain('NAME  STATE       ADDRESSES');
    expect(stdout).toContain('br0   up          192.0.2.1/24,2001:db8…');
  });

  test('with --json it writes one object a link, with the same values', async () => {
    const { stdout } = await finish(['--json'], { kernel, columns: 20 });
    const links = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(links.map(({ ifname, kernel: state }) => [ifname, state])).toEqual([
      ['lo', 'up'],
      ['br0', 'up'],
      ['v0', 'down'],
      ['v1', 'admin-down'],
    ]);
    expect(links[2]).toMatchObject({
      ifindex: 3,
      master: 2,
      mtu: 1500,
      kind: 'veth',
      level: 'none',
    });
  });

  test('a name of escapes reaches neither terminal, pipe nor JSON as they are', async () => {
    const hostile = {
      links: [linkRow(1, '\x1b[31mx'), linkRow(2, 'a\u202eb'), linkRow(3, '\x9b5n')],
    };
    for (const argv of [['list'], ['list', '--json'], ['show', '1'], ['show', '1', '--json']]) {
      const { stdout } = await finish([...argv, '--color', 'never'], {
        kernel: hostile,
        columns: 100,
      });
      expect(stdout).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}/u);
    }
    const { stdout } = await finish(['list'], { kernel: hostile });
    expect(stdout).toContain('\\x1b[31mx');
  });

  test('wide and combining characters keep the columns aligned', async () => {
    const links = [linkRow(1, '網路0'), linkRow(2, 'cafe\u0301'), linkRow(3, 'eth0')];
    const { stdout } = await finish(['list'], { kernel: { links } });
    expect(
      stdout
        .split('\n')
        .slice(1, 4)
        .map((line) => line.slice(0, line.indexOf('up'))),
    ).toEqual(['網路0  ', 'cafe\u0301   ', 'eth0   ']);
  });

  test('a look that the kernel interrupted is shown, with a remark on stderr', async () => {
    const { exit, stderr } = await finish([], { kernel: { ...kernel, interrupted: true } });
    expect([exit, stderr]).toEqual([
      0,
      'lw: the links changed while they were read: some may be stale\n',
    ]);
  });

  test('a reader that left is no failure', async () => {
    const writeFailure = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    expect(await finish(['list'], { kernel, writeFailure })).toMatchObject({ exit: 0, stderr: '' });
  });

  test('what the kernel refuses is told on stderr, and the exit code is 1', async () => {
    const failure = Object.assign(new Error('getlink: no buffer space (ENOBUFS); try again'), {
      code: 'ENOBUFS',
      name: 'NetlinkError',
    });
    expect(await finish(['list'], { kernel: { ...kernel, failure } })).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'lw: getlink: no buffer space (ENOBUFS); try again\n',
    });
  });
});
