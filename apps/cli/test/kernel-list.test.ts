import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mainFile, type Namespace, namespaceMissing, openNamespace, titleOf } from './namespace.js';

interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly operstate: string;
}

/** The kernel state that follows from what `ip -j link` says (RFC 2863, K8). */
function stateOf({ flags, operstate }: IpLink): string {
  if (!flags.includes('UP')) return 'admin-down';
  if (operstate === 'UNKNOWN') return flags.includes('LOWER_UP') ? 'up' : 'down';
  return { LOWERLAYERDOWN: 'lower-layer-down' }[operstate] ?? operstate.toLowerCase();
}

function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe.skipIf(namespaceMissing !== undefined)(
  titleOf('lw list and lw show on the kernel', namespaceMissing),
  () => {
    let ns: Namespace;

    beforeAll(async () => {
      ns = await openNamespace();
      ns.ip('link', 'set', 'lo', 'up');
      ns.ip('link', 'add', 'br0', 'type', 'bridge');
      ns.ip('link', 'add', 'v0', 'mtu', '1400', 'type', 'veth', 'peer', 'name', 'v1');
      ns.ip('link', 'add', 'v2', 'type', 'veth', 'peer', 'name', 'v3');
      // Link-local addresses come when they have been checked, seconds later: levels must not move.
      for (const name of ['br0', 'v0', 'v1', 'v2', 'v3']) {
        ns.ip('link', 'set', name, 'addrgenmode', 'none');
      }
      ns.ip('link', 'set', 'v0', 'master', 'br0', 'up');
      ns.ip('link', 'set', 'v1', 'up');
      ns.ip('link', 'set', 'v2', 'up');
      ns.ip('link', 'set', 'br0', 'up');
      ns.ip('link', 'property', 'add', 'dev', 'v1', 'altname', 'uplink');
      ns.ip('addr', 'add', '192.0.2.1/24', 'dev', 'br0');
      ns.ip('addr', 'add', '2001:db8::1/64', 'dev', 'br0', 'nodad');
    });
    afterAll(() => ns.close());

    test('lw list --json equals ip -j link', () => {
      const { status, stdout } = ns.lw(['list', '--json']);
      expect(status).toBe(0);
      const ours = jsonLines(stdout).map(({ ifindex, ifname, mtu, address, kernel }) => {
        return { ifindex, ifname, mtu, address, kernel };
      });
      const theirs = ns.ipJson('link').map((link) => {
        const { ifindex, ifname, mtu, address } = link;
        return { ifindex, ifname, mtu, address, kernel: stateOf(link as unknown as IpLink) };
      });
      expect(ours).toEqual(theirs);
    });

    test('the addresses are those of ip -j addr, in its order', () => {
      const ours = jsonLines(ns.lw(['list', '--json']).stdout).map(({ ifname, addresses }) => [
        ifname,
        (addresses as { address: string; prefixLength: number }[]).map(
          ({ address, prefixLength }) => `${address}/${prefixLength}`,
        ),
      ]);
      const theirs = ns
        .ipJson('addr')
        .map(({ ifname, addr_info: info }) => [
          ifname,
          (info as { local: string; prefixlen: number }[]).map(
            ({ local, prefixlen }) => `${local}/${prefixlen}`,
          ),
        ]);
      expect(ours).toEqual(theirs);
    });

    test('to a pipe the lines have a header and as many columns each', () => {
      const { stdout } = ns.lw([]);
      const rows = stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ +/));
      expect(rows[0]).toEqual([
        'NAME',
        'STATE',
        'LEVEL',
        'KIND',
        'MTU',
        'MASTER',
        'MAC',
        'ADDRESSES',
      ]);
      expect(new Set(rows.map((row) => row.length))).toEqual(new Set([8]));
      expect(rows.find(([name]) => name === 'v0')?.slice(1, 6)).toEqual([
        'up',
        'carrier',
        'veth',
        '1400',
        'br0',
      ]);
    });

    test('lw show finds a link by its alternative name and tells counters as ip does', () => {
      const { status, stdout } = ns.lw(['show', 'uplink', '--json']);
      const [theirs] = ns.ipJson('-s', 'link', 'show', 'v1') as {
        stats64: Record<'rx' | 'tx', { bytes: number; packets: number }>;
      }[];
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        ifname: 'v1',
        lowerName: 'v0',
        altnames: ['uplink'],
        counters: {
          rxBytes: expect.any(Number),
          txBytes: expect.any(Number),
        },
      });
      expect(JSON.parse(stdout).counters.txPackets).toBeLessThanOrEqual(
        theirs?.stats64.tx.packets as number,
      );
    });

    test('a wrong name fails with 1 and says what to try', () => {
      expect(ns.lw(['show', 'uplnik'])).toMatchObject({
        status: 1,
        stdout: '',
        stderr: `lw: there is no link 'uplnik' in this network namespace
lw: did you mean uplink?
lw: lw list shows all links
`,
      });
    });

    test('without any capability it shows the same', () => {
      const bare = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];
      expect(ns.run([...bare, 'ip', 'link', 'set', 'v0', 'mtu', '1300']).status).not.toBe(0);
      expect(ns.lw(['list'], bare).stdout).toBe(ns.lw(['list']).stdout);
    });

    test('a name of escape bytes is shown escaped, and found by what is shown', async () => {
      const other = await openNamespace();
      try {
        other.ip('link', 'add', '\x1b[31mx', 'type', 'veth', 'peer', 'name', 'y\x07z');
        const { stdout } = other.lw(['list']);
        expect(stdout).toContain('\\x1b[31mx');
        expect(stdout).toContain('y\\x07z');
        expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u);
        expect(other.lw(['show', '\\x1b[31mx']).stdout).toMatch(/^\\x1b\[31mx {2}admin-down\n/);
        const names = jsonLines(other.lw(['--json']).stdout).map(({ ifname }) => ifname);
        expect(names).toContain('\x1b[31mx');
      } finally {
        other.close();
      }
    });

    test('a reader that takes one line and leaves is no failure', () => {
      const command = `"${process.execPath}" "${mainFile}" list | head -1; echo "$\{PIPESTATUS[0]}"`;
      const { stdout, stderr } = ns.run(['bash', '-c', command]);
      expect(stdout).toMatch(/^NAME .*\n0\n$/);
      expect(stderr).toBe('');
    });

    const scriptMissing =
      spawnSync('script', ['-V']).status === 0 ? undefined : 'the program script is missing';
    test.skipIf(scriptMissing !== undefined)(
      titleOf('on a terminal it colours, and fits its width', scriptMissing),
      () => {
        const lw = `"${process.execPath}" "${mainFile}"`;
        const command = `stty cols 32; ${lw} list; ${lw} list --color never`;
        const { stdout } = ns.run([
          'env',
          '-u',
          'NO_COLOR',
          'TERM=xterm',
          'script',
          '-qec',
          command,
          '/dev/null',
        ]);
        expect(stdout).toContain('\x1b[32mup\x1b[0m');
        const plain = stdout.split('\r\n').filter((line) => !line.includes('\x1b'));
        expect(plain).toContain('v3    admin-down');
        expect(Math.max(...plain.map((line) => line.length))).toBeLessThanOrEqual(32);
      },
    );
  },
);

describe('lw without a kernel to ask', () => {
  test('decode needs no stdin: a closed one is empty', () => {
    const { status, stdout } = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" "${mainFile}" decode --hex <&-`],
      { encoding: 'utf8' },
    );
    expect([status, stdout]).toEqual([0, '']);
  });

  test('decode does not load the native binding', () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [mainFile, 'decode', '--hex', '--json'],
      {
        encoding: 'utf8',
        input: '10000000010000000000000000000000\n',
        env: { ...process.env, NODE_OPTIONS: '--no-addons' },
      },
    );
    expect([status, JSON.parse(stdout).op]).toEqual([0, 'noop']);
  });

  test('a reader that has stopped does not keep SIGTERM from ending it', async () => {
    const child = spawn(process.execPath, [mainFile, 'decode', '--hex'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    // The pipe breaks under what we still write when the child ends.
    child.stdin.on('error', () => {});
    // Far more than the pipe to us holds, and we do not read.
    child.stdout.once('readable', () => {});
    child.stdin.write('10000000010000000000000000000000\n'.repeat(200_000));
    await expect.poll(() => child.stdout.readableLength, { timeout: 10_000 }).toBeGreaterThan(0);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(143);
  });

  const otherUserMissing = reasonAgainstOtherUser();
  test.skipIf(otherUserMissing !== undefined)(
    titleOf('another user, without privileges, sees the links', otherUserMissing),
    () => {
      const args = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, mainFile];
      const { status, stdout } = spawnSync('setpriv', args, { encoding: 'utf8', cwd: '/' });
      expect([status, stdout.slice(0, 4)]).toEqual([0, 'NAME']);
    },
  );
});

function reasonAgainstOtherUser(): string | undefined {
  if (process.platform !== 'linux') return 'netlink needs Linux';
  if (process.getuid?.() !== 0) return 'only root can become another user';
  const args = ['--reuid=65534', '--regid=65534', '--clear-groups', 'cat', mainFile];
  accessSync(mainFile, constants.R_OK);
  return spawnSync('setpriv', args).status === 0 ? undefined : 'the other user cannot read dist';
}
