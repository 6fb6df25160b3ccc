import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finish } from './scripted-io.js';

// Linux 6.18, `ip link show`: a dump request of RTM_GETLINK with ifinfomsg.
const getlink = '2000000012000503e80300000000000000000000000000000000000000000000';
const noop = '10000000010000000000000000000000';
// CTRL_CMD_GETFAMILY for "nlctrl": nlmsghdr, genlmsghdr (3, 1), CTRL_ATTR_FAMILY_NAME.
const getfamily = '20000000100005000100000000000000030100000b0002006e6c6374726c0000';

async function decode(stdin: string, ...argv: readonly string[]) {
  const { exit, stdout, stderr } = await finish(['decode', '--hex', '--json', ...argv], { stdin });
  const objects = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  return { exit, stderr, objects };
}

describe('lw decode --hex', () => {
  test('--json prints one object a message, in the order of the lines', async () => {
    const { exit, objects } = await decode(`${getlink}\n${noop}${noop}\n`);
    expect(exit).toBe(0);
    expect(objects[0]).toEqual({
      len: 32,
      type: 18,
      flags: ['request', 'ack', 'root', 'match'],
      seq: 1000,
      pid: 0,
      family: 'rt-link',
      op: 'getlink',
      header: { ifiFamily: 0, ifiType: 0, ifiIndex: 0, ifiFlags: [], ifiChange: 0 },
      attrs: {},
    });
    expect(objects.slice(1).map(({ op }) => op)).toEqual(['noop', 'noop']);
  });

  test('spaces, comments and empty lines are ignored, the last line needs no newline', async () => {
    const spaced = getlink.replace(/../g, '$& ').toUpperCase();
    const { exit, objects } = await decode(`# all\n\n \t\r\n${spaced}  # a dump\r\n${noop}`);
    expect([exit, objects.length]).toEqual([0, 2]);
  });

  test.each<[string, (hex: string) => string]>([
    ['0x before all', (hex) => `0x${hex}`],
    ['0x before each byte', (hex) => hex.replace(/../g, '0X$& ')],
    ['0x before each word', (hex) => hex.replace(/.{8}/g, '0x$& ')],
    ['colons between bytes', (hex) => hex.replace(/..(?=.)/g, '$&:')],
    ['dashes between bytes, upper case', (hex) => hex.replace(/..(?=.)/g, '$&-').toUpperCase()],
    ['a byte order mark', (hex) => `\ufeff${hex}`],
    ['a byte order mark before a comment', (hex) => `\ufeff# all\n${hex}`],
  ])('hex as others write it is taken: %s', async (_, write) => {
    const { exit, objects, stderr } = await decode(write(getlink));
    expect([exit, objects.length, stderr]).toEqual([0, 1, '']);
    expect(objects[0]).toMatchObject({ op: 'getlink', seq: 1000 });
  });

  test.each(['1:4', '14::00', '14:', ':14', '0x', '14 x0'])(
    '%j is no hex, separators stand between bytes only',
    async (text) => {
      const { exit, objects } = await decode(text);
      expect([exit, objects[0].decodeError.code]).toEqual([1, 'HEX']);
    },
  );

  test('binary input is told once, with what makes hex of it', async () => {
    const { exit, stderr } = await decode('\x20\0\0\0\x12\n\0\n\0');
    expect([exit, stderr]).toEqual([
      1,
      'lw: the input is binary; as hex: xxd -p -c 0 FILE | lw decode --hex\n',
    ]);
  });

  test('messages that xxd -p cut into lines of 60 digits are told once', async () => {
    const wrapped = `${getlink}${getlink}`.replace(/.{60}/g, '$&\n');
    const { exit, stderr } = await decode(wrapped);
    expect([exit, stderr]).toEqual([
      1,
      'lw: a line of 60 digits may be one that xxd -p wrapped: use xxd -p -c 0\n',
    ]);
    const whole = noop.replace('10', '1e').padEnd(60, '0');
    expect((await decode(whole)).stderr).toBe('');
  });

  test('a line that is bad gets an error, and the rest goes on; the exit code is 1', async () => {
    const { exit, objects } = await decode(`zz\n${noop}\n123\n${noop}\n`);
    expect(exit).toBe(1);
    expect(objects.map(({ op, decodeError }) => op ?? decodeError)).toEqual([
      { code: 'HEX', offset: 0, path: '', message: "'z' is no hex digit" },
      'noop',
      { code: 'HEX', offset: 1, path: '', message: 'the number of hex digits is odd' },
      'noop',
    ]);
  });

  test('messages that stand before a framing error come first', async () => {
    const { exit, objects } = await decode(`${noop}ff000000`);
    expect(exit).toBe(1);
    expect(objects).toMatchObject([
      { op: 'noop' },
      { decodeError: { code: 'MESSAGE_LENGTH', offset: 16, path: '' } },
    ]);
  });

  test('a message of a family that is not compiled in is told with its header', async () => {
    const { exit, objects } = await decode(`${getlink}\n${noop}`, '--protocol', 'audit');
    expect(exit).toBe(1);
    expect(objects).toMatchObject([
      { decodeError: { code: 'UNKNOWN_MESSAGE' }, len: 32, type: 18, seq: 1000 },
      { op: 'noop' },
    ]);
  });

  test('of generic netlink the controller is known by its id, others by --spec', async () => {
    const unknown = getfamily.replace(/^20000000..../, '200000001c00');
    const generic = await decode(`${getfamily}\n${unknown}`, '--protocol', 'generic');
    expect(generic.objects).toMatchObject([
      { family: 'nlctrl', op: 'getfamily', attrs: { familyName: 'nlctrl' } },
      { decodeError: { code: 'UNKNOWN_MESSAGE' }, type: 28 },
    ]);
    const named = await decode(unknown, '--spec', 'nlctrl');
    expect([named.exit, named.objects[0].op]).toEqual([0, 'getfamily']);
  });

  test('netfilter messages are known by their types, or by --spec', async () => {
    // NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET, a dump, with nfgenmsg of AF_INET.
    const conntrack = '1400000001010103010000000000000002000000';
    // NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETTABLE.
    const nftables = '14000000010a0103010000000000000002000000';
    for (const protocol of ['netfilter', '12', 'NETLINK_NETFILTER']) {
      const { exit, objects } = await decode(`${conntrack}\n${nftables}`, '-p', protocol);
      expect(exit).toBe(0);
      expect(objects.map(({ family }) => family)).toEqual(['conntrack', 'nftables']);
    }
    expect((await decode(conntrack, '--spec', 'conntrack')).objects[0].family).toBe('conntrack');
    expect((await decode(nftables, '--spec', 'conntrack')).exit).toBe(1);
  });

  test.each(['ethtool', 'net-shaper', 'net_shaper', 'sunrpc', 'drm-ras', 'NL80211'])(
    'generic messages are of the family that --spec names: %s',
    async (spec) => {
      const ack = '2400000002000000000000000000000000000000140000001c0005000000000000000000';
      const { exit, objects } = await decode(ack, '--protocol', 'generic', '--spec', spec);
      expect([exit, objects[0].op]).toEqual([0, 'error']);
    },
  );

  test('a generic family decodes its messages, whatever id they have', async () => {
    // ETHTOOL_MSG_LINKSTATE_GET (6), ETHTOOL_A_LINKSTATE_HEADER with ETHTOOL_A_HEADER_DEV_INDEX 2.
    const request = '2000000014000500010000000000000006010000' + '0c000180' + '0800010002000000';
    const { objects } = await decode(request, '--spec', 'ethtool');
    expect(objects[0]).toMatchObject({
      family: 'ethtool',
      op: 'linkstate-get',
      attrs: { header: { devIndex: 2 } },
    });
  });

  test('--spec fixes the family of route messages as well', async () => {
    expect((await decode(getlink, '--spec', 'rt-link')).objects[0].op).toBe('getlink');
    expect((await decode(getlink, '--spec', 'rt-addr')).exit).toBe(1);
  });

  test.each([
    ...['0', '31', 'W1', 'FIREWALL', 'ARPD', 'ROUTE6', 'IP6_FW', 'DNRTMSG', 'TAPBASE', 'SKIP'],
    ...['w1', 'Route', 'ip6-fw', 'NETLINK_SOCK_DIAG', 'inet_diag', 'kobject-uevent'],
  ])('--protocol takes %s', async (protocol) => {
    const { exit, objects } = await decode(noop, '--protocol', protocol);
    expect([exit, objects[0].op]).toEqual([0, 'noop']);
  });

  test('the byte order of the sender is named by --endian', async () => {
    const big = '00000020001203050000 03e8'.padEnd(65, '0');
    const { exit, objects } = await decode(big, '--endian', 'big');
    expect([exit, objects[0].op, objects[0].seq]).toEqual([0, 'getlink', 1000]);
  });

  test('without --json a message is indented text with escaped values', async () => {
    const named =
      '2800000010000000000000000000000000000100020000000000000000000000 08000300 1b5b3331';
    const { exit, stdout } = await finish(['decode', '--hex'], { stdin: `${named}\nx` });
    expect(exit).toBe(1);
    expect(stdout).toBe(`newlink (rt-link): 40 bytes, type 16, seq 0, pid 0
  header
    ifiFamily: 0
    ifiType: 1
    ifiIndex: 2
    ifiFlags:
    ifiChange: 0
  attrs
    ifname: \\x1b[31
line 2: cannot be decoded: 'x' is no hex digit (HEX at offset 0)
`);
  });

  test('a file is read by name; one that is not there is told', async () => {
    const files = { 'a.hex': noop };
    expect((await finish(['decode', '--hex', 'a.hex'], { files })).stdout).toContain('noop');
    expect(await finish(['decode', '--hex', 'b.hex'], { files })).toEqual({
      exit: 1,
      stdout: '',
      stderr: `lw: cannot read 'b.hex': no such file or directory (ENOENT)
lw: check the name, or use - for stdin
`,
    });
  });

  test.each([
    ['EISDIR: illegal operation on a directory, read', 'name a file in it'],
    ["EACCES: permission denied, open 'd'", 'its permissions keep you out: see ls -l'],
  ])('a file that cannot be read is told with what helps: %s', async (words, advice) => {
    const failure = Object.assign(new Error(words), { code: words.split(':')[0] });
    const { exit, stderr } = await finish(['decode', '--hex', 'd'], { files: { d: failure } });
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^lw: cannot read 'd': [a-z ]+ \(E[A-Z]+\)\n/);
    expect(stderr).toContain(`\nlw: ${advice}\n`);
  });

  test('digits in the place of the file name are told how to come in', async () => {
    const { exit, stderr } = await finish(['decode', '--hex', noop]);
    expect(exit).toBe(1);
    expect(stderr).toContain('echo DIGITS | lw decode --hex');
  });

  test('whatever the line holds, it gets an answer, and the line behind it does', async () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    );
    await fc.assert(
      fc.asyncProperty(
        line,
        fc.constantFrom('route', 'generic', 'audit'),
        async (text, protocol) => {
          const { objects } = await decode(`${text.replaceAll('\n', '')}\n${noop}`, '-p', protocol);
          expect(objects.at(-1)).toMatchObject({ op: 'noop' });
        },
      ),
    );
  });

  test('empty input is no failure', async () => {
    expect(await decode('')).toEqual({ exit: 0, stderr: '', objects: [] });
  });

  test('lines come out as they come in, wherever the input is cut', async () => {
    async function* pieces() {
      for (const char of `${noop}\n${getlink}\n${noop}`) yield Buffer.from(char);
    }
    const { stdout } = await finish(['decode', '--hex', '--json'], { stdin: pieces() });
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).op),
    ).toEqual(['noop', 'getlink', 'noop']);
  });

  test('a line without an end is held to its limit, told, and the rest goes on', async () => {
    const mebi = Buffer.alloc(1024 * 1024, '0');
    async function* endless() {
      for (let count = 0; count < 64; count++) yield mebi;
      yield Buffer.from(`\n${noop}\n`);
    }
    const before = process.memoryUsage().rss;
    const { exit, stdout } = await finish(['decode', '--hex', '--json'], { stdin: endless() });
    const [first, second] = stdout.split('\n');
    expect(exit).toBe(1);
    expect(JSON.parse(first as string).decodeError).toEqual({
      code: 'LINE_LENGTH',
      offset: 2 * 1024 * 1024,
      path: '',
      message: 'the line is longer than 4194304 characters',
    });
    expect(JSON.parse(second as string).op).toBe('noop');
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  test.each([
    [['decode'], 'add --hex'],
    [['decode', '--hex', '--protocol', 'rout'], 'did you mean route?'],
    [['decode', '--hex', '--protocol', '32'], '0 to 31'],
    [['decode', '--hex', '--protocol', 'ROUT'], 'did you mean route?'],
    [['decode', '--hex', '--spec', 'ethtol'], 'did you mean ethtool?'],
    [['decode', '--hex', '--spec', 'nonesuch'], 'known: '],
    [['decode', '--hex', '--spec', 'ethtool', '-p', '0'], '--protocol generic'],
    [['decode', '--hex', '--spec', 'rtlink'], 'did you mean rt-link?'],
    [['decode', '--hex', '--spec', 'rt-link', '--protocol', 'generic'], '--protocol route'],
    [['decode', '--hex', '--endian', 'bgi'], 'did you mean --endian big?'],
    [['decode', '--hex', 'a', 'b'], 'one file at a time'],
    [['decode', '--hex', ''], 'name a file, or use - for stdin'],
  ])('%j is wrong usage, and says: %s', async (argv, advice) => {
    const { exit, stdout, stderr } = await finish(argv);
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toContain(advice);
  });
});
