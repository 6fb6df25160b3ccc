import { describe, expect, test } from 'vitest';
import { run, type Scene } from './scripted-io.js';
import { addressRow, linkRow, peerRow, type Script, told } from './scripted-source.js';

process.env.TZ = 'UTC';
const time = '22:13:20.123';

const v0 = { linkinfo: { kind: 'veth' } };
const kernel: Script = {
  links: [linkRow(1, 'v0', v0), linkRow(2, 'v1', { ...v0, propList: { altIfname: ['wan'] } })],
  addresses: [addressRow(1, '192.0.2.1', 24)],
  items: [
    told(linkRow(1, 'v0', { ...v0, operstate: 2, carrier: 0, ifiFlags: 0x1003 })),
    told(linkRow(1, 'x0', { ...v0, operstate: 2, carrier: 0, ifiFlags: 0x1003 })),
    told(linkRow(2, 'v1', { ...v0, mtu: 1400, propList: { altIfname: ['wan'] } })),
    told(linkRow(3, '\x1b[31mz', v0)),
    told({ ...linkRow(3, '\x1b[31mz', v0), op: 'dellink' }),
  ],
};

/** Runs until stdout holds `text`, then as Ctrl-C does. */
async function watchUntil(text: string, argv: readonly string[], scene: Scene = {}) {
  const started = run(['watch', ...argv], { kernel, ...scene });
  await started.shows(text);
  started.interrupt('SIGINT');
  const exit = await started.exit;
  return { exit, stdout: started.stdout(), stderr: started.stderr(), source: started.source() };
}

describe('lw watch', () => {
  test('shows the links as they are, then a line for each event, with the time', async () => {
    const { stdout } = await watchUntil('removed', []);
    expect(stdout.split('\n')).toEqual([
      `${time} v0 (1): up, routable, veth, mtu 1500, 192.0.2.1/24`,
      `${time} v1 (2): up, carrier, veth, mtu 1500`,
      `${time} in step with the kernel`,
      expect.stringMatching(`^${time} v0 \\(1\\): down`),
      expect.stringMatching(`^${time} x0 \\(1\\): renamed, was v0`),
      `${time} v1 (2): mtu 1500 -> 1400`,
      `${time} \\x1b[31mz (3): added, up`,
      `${time} \\x1b[31mz (3): removed`,
      '',
    ]);
  });

  test('an address with another end is written in one way, first look and event', async () => {
    const row = peerRow(1, '192.0.2.1', '192.0.2.2');
    const gone = { ...row, op: 'deladdr' };
    const items = [{ kind: 'message', type: 21, message: gone } as const];
    const { stdout } = await watchUntil('removed', [], {
      kernel: { ...kernel, addresses: [row], items },
    });
    expect(stdout).toContain('mtu 1500, 192.0.2.1 peer 192.0.2.2/32\n');
    expect(stdout).toContain('address 192.0.2.1 peer 192.0.2.2/32 removed');
  });

  test('an empty name is wrong usage, and waits for nothing', async () => {
    const started = run(['watch', 'v0', ''], { kernel });
    expect(await started.exit).toBe(2);
    expect(started.stderr()).toContain('lw: the name of the link is empty\n');
    expect(started.stdout()).toBe('');
  });

  test('with --json a name leaves gaps in seq, which counts all events', async () => {
    const { stdout } = await watchUntil('link-changed', ['v1', '--json']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ seq }) => seq)).toEqual([1, 4, 5, 8]);
  });

  test('on a terminal it colours, and cuts lines to its width', async () => {
    const { stdout } = await watchUntil('removed', [], { columns: 40 });
    expect(stdout).toContain(`\x1b[2m${time}\x1b[0m \x1b[32mv0 (1): up, routable, veth…\x1b[0m\n`);
    expect(stdout).toContain('\x1b[31mv0 (1): down');
  });

  test('with --json every event is an object, the first look included', async () => {
    const { stdout } = await watchUntil('link-removed', ['--json']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ kind }) => kind)).toEqual([
      'sync-started',
      'link-added',
      'address-added',
      'link-added',
      'sync-ended',
      'link-down',
      'link-renamed',
      'link-changed',
      'link-added',
      'link-removed',
    ]);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events[7]).toMatchObject({ ifname: 'v1', changes: { mtu: [1500, 1400] } });
    expect(stdout).not.toContain('\x1b');
  });

  test('a name selects a link, under the name that it loses as well', async () => {
    const started = run(['watch', 'v0'], { kernel });
    await started.shows('renamed');
    started.interrupt('SIGINT');
    await started.exit;
    expect(started.stdout()).not.toContain('v1');
    expect(started.stdout()).toContain('x0 (1): renamed, was v0');
  });

  test.each(['wan', '2'])('%s, an alternative name or an index, selects as well', async (word) => {
    const { stdout } = await watchUntil('mtu 1500 -> 1400', [word]);
    expect(stdout).not.toContain('v0');
  });

  test('a name that is not there yet is waited for, with a remark', async () => {
    const { stdout, stderr } = await watchUntil('removed', ['\\x1b[31mz', 'v2', 'wna']);
    expect(stdout).toContain(`${time} \\x1b[31mz (3): added, up`);
    expect(stdout).not.toContain('v1 (2)');
    expect(stderr).toContain("lw: there is no link 'v2' yet: waiting for it\n");
    expect(stderr).toContain("lw: there is no link 'wna' yet: waiting for it; did you mean wan?\n");
  });

  test('an overrun and the reading again stand in the line of events', async () => {
    const items = [{ kind: 'overrun' }] as const;
    const { stdout } = await watchUntil('in step again', ['v0'], { kernel: { ...kernel, items } });
    expect(stdout).toContain(`${time} overrun: the kernel dropped notifications\n`);
    expect(stdout).toContain(`${time} reading links again\n`);
    expect(stdout).toContain(`${time} in step again, 0 differences mended\n`);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('%s ends it at once with %i, and closes the source', async (signal, code) => {
    const started = run(['watch'], { kernel });
    await started.shows('in step');
    started.interrupt(signal);
    expect(await started.exit).toBe(code);
    expect(started.stderr()).toBe('');
    await expect.poll(() => started.source()?.closed).toBe(true);
  });

  test('the receive buffer is asked for as given', async () => {
    const { source } = await watchUntil('in step', ['--rcvbuf', '2048']);
    expect(source?.options).toEqual({ rcvbufBytes: 2048 });
  });

  test.each(['0', '-1', '1k', '1.5', '', '99999999999'])(
    'a receive buffer of %j is wrong usage',
    async (bytes) => {
      expect(await run(['watch', `--rcvbuf=${bytes}`], { kernel }).exit).toBe(2);
    },
  );

  test('a source that fails ends it with what the kernel said', async () => {
    const failure = Object.assign(new Error('getlink: no answer'), { code: 'TIMEOUT', name: 'E' });
    const started = run(['watch'], { kernel: { ...kernel, failure } });
    expect(await started.exit).toBe(1);
    expect(started.stderr()).toBe('lw: getlink: no answer\n');
  });
});
