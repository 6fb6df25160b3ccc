import { NLM_F_DUMP } from '@lw/codec';
import { rtLink } from '@lw/codec/families/rt-link';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { NetlinkClient, type NetlinkClientOptions } from '../src/client.js';
import {
  type NetlinkError,
  RequestTimeoutError,
  SocketClosedError,
  SyscallError,
} from '../src/errors.js';
import { ackMessage, doneMessage, joined, linkMessage, rawMessage } from './messages.js';
import { type Script, ScriptedTransport } from './scripted-transport.js';

const { getlink, newlink } = rtLink.ops;
const EINVAL = 22;
const EBUSY = 16;

afterEach(() => {
  vi.useRealTimers();
});

/** A client over a script, and the transport it opened. */
function clientOf(script: Script, options: NetlinkClientOptions = {}) {
  const transports: ScriptedTransport[] = [];
  const openTransport = () => {
    const transport = new ScriptedTransport(script);
    transports.push(transport);
    return transport;
  };
  const client = new NetlinkClient({ openTransport, ...options });
  return { client, transports, transport: () => transports[0] as ScriptedTransport };
}

describe('do', () => {
  test('gives the reply that stands before the acknowledgement (K22)', async () => {
    const { client } = clientOf(({ seq }, { portId }) => [
      linkMessage('eth0', 2, { seq, portId }),
      ackMessage(0, { seq, portId }),
    ]);
    const replies = await client.do(getlink, { header: { ifiIndex: 2 } });
    expect(replies.map((reply) => reply.attrs.ifname)).toEqual(['eth0']);
  });

  test('asks for an acknowledgement, with a sequence number that is never 0 (K24)', async () => {
    const { client, transport } = clientOf(({ seq }, { portId }) => [
      ackMessage(0, { seq, portId }),
    ]);
    await client.do(newlink, { attrs: { ifname: 'x' } });
    expect(transport().sent[0]?.flags).toBe(0x5);
    expect(transport().sent[0]?.seq).toBeGreaterThan(0);
  });

  test('ends at NLMSG_DONE when a family forgets the acknowledgement (K22)', async () => {
    const { client } = clientOf(({ seq }, { portId }) => [
      joined(linkMessage('a', 1, { seq, portId }), doneMessage({ seq, portId })),
    ]);
    expect(await client.do(getlink)).toHaveLength(1);
  });

  test('many at once each get their own answer, whatever the order', async () => {
    const held: (() => void)[] = [];
    const { client } = clientOf(({ seq, bytes }, transport) => {
      const index = new DataView(bytes.buffer).getInt32(20, true);
      const to = { seq, portId: transport.portId };
      held.unshift(() => transport.arrive(linkMessage(`l${index}`, index, to), ackMessage(0, to)));
      return [];
    });
    const asked = [1, 2, 3].map((ifiIndex) => client.do(getlink, { header: { ifiIndex } }));
    for (const answer of held) answer();
    const names = (await Promise.all(asked)).map(([reply]) => reply?.attrs.ifname);
    expect(names).toEqual(['l1', 'l2', 'l3']);
  });

  test('a refusal says what was attempted, the errno and the reason of the kernel', async () => {
    const { client } = clientOf(({ seq }, { portId }) => [
      ackMessage(EINVAL, { seq, portId }, 'mtu greater than device maximum'),
    ]);
    const error = await client.do(newlink, { attrs: { mtu: 1 } }).catch((caught) => caught);
    expect(error).toMatchObject({ name: 'NetlinkError', code: 'EINVAL', errno: EINVAL });
    expect(error.message).toBe(
      'newlink: Invalid argument (EINVAL): mtu greater than device maximum',
    );
  });

  test('a remark with a success is a warning (K21)', async () => {
    const warnings: unknown[] = [];
    const { client } = clientOf(
      ({ seq }, { portId }) => [ackMessage(0, { seq, portId }, 'deprecated')],
      { onWarning: (warning) => warnings.push(warning) },
    );
    await client.do(newlink, {});
    expect(warnings).toEqual([{ op: 'newlink', message: 'deprecated' }]);
  });

  test('a listener of warnings that throws does not fail what the kernel did', async () => {
    const { client } = clientOf(
      ({ seq }, { portId }) => [ackMessage(0, { seq, portId }, 'deprecated')],
      {
        onWarning: () => {
          throw new Error('the listener broke');
        },
      },
    );
    // The test runner listens too, and would count the exception against us.
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    try {
      const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve));
      expect(await client.do(newlink, {})).toEqual([]);
      expect(await uncaught).toMatchObject({ message: 'the listener broke' });
    } finally {
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });

  test('an answer to another port id or sequence number is nobody’s, and counted', async () => {
    const { client } = clientOf(({ seq }, { portId }) => [
      ackMessage(EINVAL, { seq, portId: portId + 1 }),
      ackMessage(EINVAL, { seq: seq + 1, portId }),
      ackMessage(0, { seq, portId }),
    ]);
    expect(await client.do(newlink, {})).toEqual([]);
    expect(client.stats.late).toBe(2);
  });

  test('no answer is a timeout; the late answer is ignored and counted', async () => {
    const { client, transport } = clientOf(() => []);
    const error = await client.do(getlink, { timeoutMs: 20 }).catch((caught) => caught);
    expect(error).toBeInstanceOf(RequestTimeoutError);
    expect(error).toMatchObject({ code: 'TIMEOUT', op: 'getlink', timeoutMs: 20 });
    const { seq } = transport().sent[0] as { seq: number };
    transport().arrive(ackMessage(0, { seq, portId: transport().portId }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(client.stats.late).toBe(1);
  });

  test('an aborted call rejects with the reason; aborted before, it sends nothing', async () => {
    const { client, transport } = clientOf(() => []);
    const controller = new AbortController();
    const asked = client.do(getlink, { signal: controller.signal });
    controller.abort(new Error('no longer wanted'));
    await expect(asked).rejects.toThrow('no longer wanted');
    await expect(client.do(getlink, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(transport().sent).toHaveLength(1);
  });

  test('close settles every promise; afterwards calls are refused', async () => {
    const { client } = clientOf(() => []);
    const asked = [
      client.do(getlink),
      client.dump(getlink).collect(),
      client.dump(getlink).collect(),
    ];
    const settled = Promise.allSettled(asked);
    await client.close();
    await client.close();
    for (const { status, reason } of (await settled) as PromiseRejectedResult[]) {
      expect(status).toBe('rejected');
      expect(reason).toBeInstanceOf(SocketClosedError);
    }
    await expect(client.do(getlink)).rejects.toBeInstanceOf(SocketClosedError);
    expect(() => client.subscribe([1])).toThrow(SocketClosedError);
  });

  test('close leaves no timer, whatever is pending', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { client } = clientOf(({ seq, flags }, { portId }) =>
      flags & NLM_F_DUMP ? [linkMessage('lo', 1, { seq, portId })] : [],
    );
    const settled = Promise.allSettled([
      client.do(getlink),
      client.dump(getlink).collect(),
      client.dump(getlink).collect(),
      client.dump(getlink, { stream: true }).collect(),
    ]);
    await Promise.resolve(); // the first dump has its turn
    expect(vi.getTimerCount()).toBe(3); // the queued dump has none
    await client.close();
    expect(vi.getTimerCount()).toBe(0);
    for (const { reason } of (await settled) as PromiseRejectedResult[]) {
      expect(reason).toBeInstanceOf(SocketClosedError);
    }
  });

  test('close right after an answer that asks for a retry leaves no timer either', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { client } = clientOf(({ seq }, { portId }) => [ackMessage(EBUSY, { seq, portId })]);
    const asked = client.dump(getlink).collect();
    const rejected = expect(asked).rejects.toBeInstanceOf(SocketClosedError);
    await Promise.resolve(); // refused; the pause before the retry has not begun
    await client.close();
    await rejected;
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an answer that came while the loop was blocked past the deadline counts', async () => {
    const { client, transport } = clientOf(() => []);
    const asked = client.do(getlink, { timeoutMs: 10 });
    await new Promise((resolve) => setTimeout(resolve, 1)); // timers run before sockets are read
    const { seq } = transport().sent[0] as { seq: number };
    transport().arrive(ackMessage(0, { seq, portId: transport().portId }));
    const until = performance.now() + 30;
    while (performance.now() < until);
    expect(await asked).toEqual([]);
  });

  test('a value that does not encode rejects with its path and sends nothing', async () => {
    const { client, transport } = clientOf(() => []);
    const wrong = { attrs: { mtu: 'large' } } as never;
    await expect(client.do(newlink, wrong)).rejects.toMatchObject({ path: 'attrs.mtu' });
    expect(transport().sent).toHaveLength(0);
  });

  test('replies lost in an overrun are an error, not a wait (K18)', async () => {
    const { client } = clientOf(() => [{ kind: 'overrun' }]);
    await expect(client.do(newlink, {})).rejects.toMatchObject({ code: 'REPLY_LOST' });
  });

  test('an overrun spares those whose answer was kept', async () => {
    const { client } = clientOf(({ seq }, { portId }) => [
      { kind: 'overrun' },
      ackMessage(0, { seq, portId }),
    ]);
    expect(await client.do(newlink, {})).toEqual([]);
  });

  test('a cut reply is never decoded (K26)', async () => {
    const { client } = clientOf(({ seq }, { portId }) => {
      const bytes = linkMessage('eth0', 2, { seq, portId });
      return [{ bytes: bytes.slice(0, 24), portId: 0, truncatedFrom: bytes.length }];
    });
    await expect(client.do(getlink)).rejects.toMatchObject({ code: 'TRUNCATED' });
  });

  test('a broken socket fails what is under way; the next call gets a new one', async () => {
    const { client, transports } = clientOf((request, { portId }) =>
      transports.length === 1 ? [] : [ackMessage(0, { seq: request.seq, portId })],
    );
    const asked = client.do(newlink, {});
    const broken = { code: 'EBADF', errno: 9, syscall: 'recvmsg', message: 'broken' };
    transports[0]?.fail(new SyscallError(broken));
    await expect(asked).rejects.toMatchObject({ code: 'EBADF' });
    expect(await client.do(newlink, {})).toEqual([]);
  });
});

describe('request', () => {
  const message = rawMessage(18, { seq: 0, portId: 0, flags: 0 }, new Uint8Array(16));

  test('sends bytes with a sequence number of ours and gives copies of the replies', async () => {
    const { client, transport } = clientOf(({ seq }, { portId }) => [
      linkMessage('eth0', 2, { seq, portId }),
      ackMessage(0, { seq, portId }),
    ]);
    const [reply] = await client.request(message);
    expect(reply?.type).toBe(16);
    expect(reply?.bytes.buffer.byteLength).toBe(reply?.length);
    expect(transport().sent[0]?.flags).toBe(0x5);
    expect(message[8]).toBe(0); // the caller's bytes are left alone
  });

  test('bytes that are not one whole message are refused', async () => {
    const { client } = clientOf(() => []);
    for (const bytes of [new Uint8Array(3), joined(message, message)]) {
      await expect(client.request(bytes)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    }
  });

  test('a refusal is named after the call', async () => {
    const { client } = clientOf(({ seq }, { portId }) => [ackMessage(1, { seq, portId })]);
    const error: NetlinkError = await client.request(message).catch((caught) => caught);
    expect(error.message).toMatch(/^request: Operation not permitted \(EPERM\); .*CAP_NET_ADMIN/);
  });
});

describe('flags of a request', () => {
  const { client } = clientOf(() => []);
  test.each([['create'], [['create', 'excl']], [Number.NaN], [-1], [1e12], [1.5]])(
    '%j are refused, not made into others',
    async (flags) => {
      const request = { flags: flags as number };
      await expect(client.do(newlink, request)).rejects.toMatchObject({
        code: 'OUT_OF_RANGE',
        path: 'flags',
      });
      await expect(client.dump(getlink, request).collect()).rejects.toMatchObject({
        path: 'flags',
      });
    },
  );
});
