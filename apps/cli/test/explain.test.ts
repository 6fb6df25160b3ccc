import { describe, expect, test } from 'vitest';
import { finish } from './scripted-io.js';

// RTM_NEWLINK with an ifinfomsg and IFLA_MTU 9000; then one whose IFLA_IFNAME is ESC, "]0;" and a backslash.
const zeros = '00000000000000000000000000000000';
const mtu = `28000000 10000500 01000000 00000000 ${zeros} 08000400 28230000`;
const hostile = `2c000000 10000000 01000000 00000000 ${zeros} 0a000300 1b5d303b5c00 0000`;
const noop = '10000000010000000000000000000000';

async function explain(stdin: string, ...argv: readonly string[]) {
  return finish(['decode', '--hex', '--explain', ...argv], { stdin });
}

describe('lw decode --hex --explain', () => {
  test('prints a line for each field and attribute, of every message', async () => {
    const { exit, stdout } = await explain(`${mtu}${noop}\n`);
    expect(exit).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^ 0 +newlink: rt-link$/);
    expect(lines).toContain('32  08 00 04 00 28 23 00 00     IFLA_MTU mtu: u32 = 9000');
    // Offsets count from the start of the datagram.
    expect(lines).toContain('40                            noop: netlink');
  });

  test('--json prints the tree as one object a message', async () => {
    const { exit, stdout } = await explain(`${mtu}${noop}`, '--json');
    const [link, other, ...rest] = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    expect([exit, rest]).toEqual([0, []]);
    expect(link).toMatchObject({ start: 0, end: 40, name: 'newlink', type: 'rt-link' });
    expect(link.children.at(-1)).toEqual({
      start: 32,
      end: 40,
      name: 'mtu',
      cName: 'IFLA_MTU',
      type: 'u32',
      value: 9000,
      children: [
        {
          start: 32,
          end: 36,
          name: 'nlattr',
          cName: 'nlattr',
          type: 'struct nlattr',
          value: { len: 8, type: 4 },
          role: 'header',
        },
        { start: 36, end: 40, name: 'payload', role: 'payload' },
      ],
    });
    expect(other).toMatchObject({ start: 40, end: 56, name: 'noop' });
  });

  test('names cannot act on the terminal (K36)', async () => {
    const { stdout } = await explain(hostile);
    expect(stdout).toContain('IFLA_IFNAME ifname: string = "\\u001b]0;\\\\"');
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test('bytes that cannot be decoded are explained all the same, and the exit code says so', async () => {
    const short = `26000000 10000500 01000000 00000000 ${zeros} 06000400 2823`;
    const { exit, stdout } = await explain(short);
    expect(exit).toBe(1);
    expect(stdout).toContain('(wrong size: 4 bytes wanted, 2 bytes are there)');
  });

  test('what is no whole message is an error behind the ones that are', async () => {
    const { exit, stdout } = await explain(`${noop}0000`);
    expect(exit).toBe(1);
    expect(stdout).toMatch(/noop: netlink\n.*\nline 1: cannot be decoded: /s);
  });

  test('--endian big reads what such a host sent', async () => {
    const big = '00000010 0001 0000 00000000 00000000';
    expect((await explain(big, '--endian', 'big')).stdout).toContain('nlmsg_len len: u32 = 16');
  });
});
