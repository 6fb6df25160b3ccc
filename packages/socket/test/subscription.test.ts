import { describe, expect, test } from 'vitest';
import { NetlinkClient } from '../src/client.js';
import { SyscallError } from '../src/errors.js';
import type { SubscribeOptions, SubscriptionItem } from '../src/subscription.js';
import { joined, linkMessage, rawMessage } from './messages.js';
import { ScriptedTransport } from './scripted-transport.js';

const fromKernel = { seq: 0, portId: 0 };
const link = (name: string) => linkMessage(name, 1, fromKernel);

function subscribed(options: SubscribeOptions = {}) {
  const transport = new ScriptedTransport();
  const client = new NetlinkClient({ openTransport: () => transport });
  return { client, transport, items: client.subscribe([1], options) };
}

async function take(items: AsyncIterator<SubscriptionItem, undefined>, count: number) {
  const taken: SubscriptionItem[] = [];
  for (let n = 0; n < count; n++) {
    const { value } = await items.next();
    if (value !== undefined) taken.push(value);
  }
  return taken;
}

/** Items in short: names of links, kinds of the rest. */
const short = (items: readonly SubscriptionItem[]) =>
  items.map((item) => (item.kind === 'message' ? item.message.attrs.ifname : item.kind));

describe('subscribe', () => {
  test('gives messages with group, namespace and writer', async () => {
    const { transport, items } = subscribed();
    const bytes = linkMessage('eth0', 2, { seq: 5, portId: 77 });
    transport.arrive({ bytes, portId: 0, group: 1, nsid: 3 });
    const [item] = await take(items, 1);
    expect(item).toMatchObject({
      kind: 'message',
      type: 16,
      seq: 5,
      portId: 77,
      group: 1,
      nsid: 3,
    });
    expect(item).toMatchObject({ message: { op: 'newlink', attrs: { ifname: 'eth0' } } });
  });

  test('overruns stand where the kernel reported them, before older messages (K18)', async () => {
    const { transport, items } = subscribed();
    transport.arrive(link('a'), { kind: 'overrun', dropped: 10 }, link('b'));
    transport.arrive({ kind: 'overrun', dropped: 25 }, { kind: 'overrun' });
    const taken = await take(items, 5);
    expect(short(taken)).toEqual(['a', 'overrun', 'b', 'overrun', 'overrun']);
    expect(taken.filter((item) => item.kind === 'overrun')).toEqual([
      { kind: 'overrun', dropped: 10 },
      { kind: 'overrun', dropped: 15 },
      { kind: 'overrun' },
    ]);
  });

  test('a mark stands behind all that was queued when it was asked for', async () => {
    const { transport, items } = subscribed();
    transport.arrive(link('a'), link('b'));
    items.mark(42);
    transport.arrive(link('c'));
    const taken = await take(items, 4);
    expect(short(taken)).toEqual(['a', 'b', 'mark', 'c']);
    expect(taken[2]).toEqual({ kind: 'mark', token: 42 });
  });

  test('what does not decode comes as a copy with the error, the rest goes on', async () => {
    const { transport, items } = subscribed();
    const unknown = rawMessage(999, fromKernel, new Uint8Array(4));
    transport.arrive(joined(link('a'), unknown, link('b')), joined(link('c'), new Uint8Array(8)));
    const taken = await take(items, 5);
    expect(short(taken)).toEqual(['a', 'undecodable', 'b', 'c', 'undecodable']);
    const [first, second] = taken.filter((item) => item.kind === 'undecodable');
    expect(first).toMatchObject({ error: { code: 'UNKNOWN_MESSAGE' }, bytes: unknown });
    expect(second).toMatchObject({ error: { code: 'MESSAGE_LENGTH' } });
    expect(items.stats.decodeErrors).toBe(2);
  });

  test('one attribute that cannot be read loses no other', async () => {
    const { transport, items } = subscribed();
    const good = link('a');
    // IFLA_MTU (4) with 2 bytes where 4 belong
    const bytes = joined(good, Uint8Array.of(6, 0, 4, 0, 1, 2, 0, 0));
    new DataView(bytes.buffer).setUint32(0, bytes.length, true);
    transport.arrive(bytes);
    const [item] = await take(items, 1);
    expect(item).toMatchObject({
      kind: 'message',
      message: { attrs: { ifname: 'a' }, unknown: [{ type: 4 }] },
      problems: [{ code: 'VALUE_LENGTH', path: 'mtu' }],
    });
    expect(items.stats.decodeErrors).toBe(1);
  });

  test('a cut datagram is a loss, never a message (K26)', async () => {
    const { transport, items } = subscribed();
    const bytes = link('a').slice(0, 20);
    transport.arrive({ bytes, portId: 0, truncatedFrom: 40 }, link('b'));
    expect(short(await take(items, 2))).toEqual(['overrun', 'b']);
  });

  test('reading pauses while the consumer is slow, and goes on when half is taken', async () => {
    const { transport, items } = subscribed({ queueLimit: 4 });
    transport.arrive(link('a'), link('b'), link('c'), link('d'), link('e'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(transport.paused).toBe(true);
    await take(items, 2);
    expect(transport.paused).toBe(true);
    await take(items, 1);
    expect(transport.paused).toBe(false);
  });

  test('overlapping calls of next are answered in order', async () => {
    const { transport, items } = subscribed();
    const both = Promise.all([items.next(), items.next()]);
    transport.arrive(link('a'), link('b'));
    const taken = (await both).map((result) => result.value as SubscriptionItem);
    expect(short(taken)).toEqual(['a', 'b']);
  });

  test('close ends the iteration, whoever closes: the loop, the caller, the client', async () => {
    const looped = subscribed();
    looped.transport.arrive(link('a'));
    for await (const _ of looped.items) break;
    expect(looped.transport.closed).toBe(true);

    const closed = subscribed();
    const waiting = closed.items.next();
    closed.items.close();
    closed.items.close();
    expect(await waiting).toEqual({ value: undefined, done: true });
    closed.items.mark(1);

    const byClient = subscribed();
    const alsoWaiting = byClient.items.next();
    await byClient.client.close();
    expect((await alsoWaiting).done).toBe(true);
  });

  test('a signal ends it with its reason, once', async () => {
    const controller = new AbortController();
    const { items, transport } = subscribed({ signal: controller.signal });
    const waiting = items.next();
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(await items.next()).toEqual({ value: undefined, done: true });
    expect(transport.closed).toBe(true);
  });

  test('a broken socket throws behind what was queued', async () => {
    const { transport, items } = subscribed();
    transport.arrive(link('a'));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    transport.fail(new SyscallError({ code: 'EBADF', errno: 9, syscall: 'recvmsg', message: 'x' }));
    expect(short(await take(items, 1))).toEqual(['a']);
    await expect(items.next()).rejects.toMatchObject({ code: 'EBADF' });
  });

  test('a closed subscription stays in the totals of the client', async () => {
    const { client, transport, items } = subscribed();
    transport.arrive(rawMessage(999, fromKernel, new Uint8Array(4)));
    await take(items, 1);
    const open = client.stats;
    items.close();
    expect(client.stats).toEqual(open);
    expect(open).toMatchObject({ received: 1, decodeErrors: 1 });
  });
});
