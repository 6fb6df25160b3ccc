import { describe, expect, test } from 'vitest';
import { finish } from './scripted-io.js';
import { addressRow, linkRow, peerRow, type Script } from './scripted-source.js';

const kernel: Script = {
  links: [
    linkRow(2, 'br0', { linkinfo: { kind: 'bridge' }, propList: { altIfname: ['lan', 'office'] } }),
    linkRow(3, 'v0', {
      linkinfo: { kind: 'veth', slaveKind: 'bridge' },
      master: 2,
      link: 4,
      carrierUpCount: 1,
      carrierDownCount: 2,
    }),
    linkRow(4, 'v1', { linkinfo: { kind: 'veth' }, link: 3 }),
    linkRow(5, 'mv', { linkinfo: { kind: 'macvlan' }, link: 4 }),
    linkRow(6, 'far', { linkinfo: { kind: 'veth' }, link: 9, linkNetnsid: 7 }),
  ],
  addresses: [addressRow(2, '192.0.2.1', 24)],
};

describe('lw show', () => {
  test('shows a link with its relations by name, and its counters', async () => {
    const { exit, stdout } = await finish(['show', 'v0'], { kernel });
    expect(exit).toBe(0);
    expect(stdout).toBe(`v0  up
  index     3
  kind      veth, port of a bridge
  state     up, operstate up, carrier
  level     carrier
  flags     up broadcast running multicast lower-up
  carrier   came once, went 2 times
  mtu       1500
  mac       02:00:00:00:00:03
  queue     noqueue, length 1000
  master    br0
  peer      v1
  received  1200 bytes, 10 packets, 0 errors, 0 dropped
  sent      1152921504606846976 bytes, 0 packets, 0 errors, 0 dropped
  counted   rx crc errors 3
`);
  });

  test('a link is found by name, alternative name, index, or its name as lw shows it', async () => {
    for (const word of ['br0', 'lan', 'office', '2']) {
      expect((await finish(['show', word], { kernel })).stdout).toMatch(/^br0 {2}up\n/);
    }
    const links = [linkRow(1, '\x1b[31mx'), linkRow(2, '1')];
    expect((await finish(['show', '\\x1b[31mx'], { kernel: { links } })).stdout).toContain(
      'index     1',
    );
    expect((await finish(['show', '1'], { kernel: { links } })).stdout).toContain('index     2');
  });

  test('ports, uppers and a lower in another namespace are named', async () => {
    expect((await finish(['show', 'br0'], { kernel })).stdout).toContain('ports     v0\n');
    expect((await finish(['show', 'v1'], { kernel })).stdout).toContain('upper     mv\n');
    expect((await finish(['show', 'mv'], { kernel })).stdout).toContain('lower     v1\n');
    const far = (await finish(['show', 'far'], { kernel })).stdout;
    expect(far).toContain('peer      index 9 in namespace 7\n');
  });

  test('addresses are shown with scope and lifetime', async () => {
    const { stdout } = await finish(['show', 'lan'], { kernel });
    expect(stdout).toContain('address   192.0.2.1/24, scope global\n');
    expect(stdout).toContain('altname   lan\n            office\n');
  });

  test('an address with another end is written as ip writes it', async () => {
    const addresses = [peerRow(2, '192.0.2.1', '192.0.2.2')];
    const { stdout } = await finish(['show', 'lan'], { kernel: { ...kernel, addresses } });
    expect(stdout).toContain('address   192.0.2.1 peer 192.0.2.2/32, scope global\n');
  });

  test('with --json counters that JSON numbers cannot hold are text', async () => {
    const { stdout } = await finish(['show', 'v0', '--json'], { kernel });
    expect(JSON.parse(stdout)).toMatchObject({
      ifname: 'v0',
      masterName: 'br0',
      lowerName: 'v1',
      counters: { rxBytes: 1200, txBytes: '1152921504606846976' },
    });
  });

  test('on a narrow terminal lines are cut, not wrapped', async () => {
    const { stdout } = await finish(['show', 'v0', '--color', 'never'], { kernel, columns: 30 });
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(30);
    expect(stdout).toContain('  flags     up broadcast runn…\n');
  });

  test('a wrong name fails with the name that was probably meant', async () => {
    expect(await finish(['show', 'lna'], { kernel })).toEqual({
      exit: 1,
      stdout: '',
      stderr: `lw: there is no link 'lna' in this network namespace
lw: did you mean lan?
lw: lw list shows all links
`,
    });
  });

  test.each([[[]], [['--json']]])(
    'of several links those that are there are shown, the others named on stderr %j',
    async (options) => {
      const { exit, stdout, stderr } = await finish(['show', 'v0', 'x', 'y', 'v1', ...options], {
        kernel,
      });
      const both = await finish(['show', 'v0', 'v1', ...options], { kernel });
      expect([exit, stdout]).toEqual([1, both.stdout]);
      expect(stderr).toBe(`lw: there is no link 'x' in this network namespace
lw: there is no link 'y' in this network namespace
lw: lw list shows all links
`);
    },
  );

  test('without a name it is wrong usage', async () => {
    expect(await finish(['show'], { kernel })).toMatchObject({ exit: 2, stdout: '' });
  });
});
