import { RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_LINK } from '@lw/codec';
import { type Clock, readLinks, type WatchEvent, watchLinks } from '@lw/watch';
import { describe, expect, it } from 'vitest';
import { kinds } from './support/machine.ts';
import { newAddress, newLink, up } from './support/messages.ts';
import { ScriptedSource } from './support/scripted-source.ts';

const clock: Clock = { now: () => 1000, monotonicNs: () => 7n, setTimer: () => () => undefined };
const options = { clock, epoch: 'e' };
const down = newLink({ ifindex: 1, flags: up, operstate: 2 });

function source(): ScriptedSource {
  const made = new ScriptedSource();
  made.tables.links.push(newLink({ ifindex: 1, attrs: { propList: { altIfname: ['other'] } } }));
  made.tables.addresses.push(newAddress({ ifindex: 1, address: '192.0.2.1' }));
  return made;
}

async function take(events: AsyncIterable<WatchEvent>, count: number): Promise<WatchEvent[]> {
  const taken: WatchEvent[] = [];
  for await (const event of events) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('watching links', () => {
  it('listens to links and addresses, tells the first look, then each change', async () => {
    const from = source();
    const watcher = watchLinks(from, options);
    await watcher.ready;
    expect(from.groups).toEqual([RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR]);
    from.message(newLink({ ifindex: 1, attrs: { mtu: 9000 } }));
    const events = await take(watcher, 5);
    expect(kinds(events)).toEqual([
      'sync-started',
      'link-added',
      'address-added',
      'sync-ended',
      'link-changed',
    ]);
    expect(events[1]).toMatchObject({ time: 1000, monotonicNs: 7n, epoch: 'e', seq: 2 });
    expect(from.closed).toBe(true);
  });

  it('knows links by name, alternative name and index', async () => {
    const watcher = watchLinks(source(), options);
    await watcher.ready;
    expect(
      [watcher.link('v1'), watcher.link('other'), watcher.link(1)].map((l) => l?.ifindex),
    ).toEqual([1, 1, 1]);
    expect(watcher.link('1')).toBeUndefined();
    expect(watcher.snapshot()).toHaveLength(1);
    await watcher.close();
  });

  it('reads again after an overrun, and counts what that mended', async () => {
    const from = source();
    const watcher = watchLinks(from, options);
    await watcher.ready;
    from.tables.links.push(newLink({ ifindex: 2 }));
    from.send({ kind: 'overrun' });
    await watcher.when((links) => links.length === 2);
    expect(watcher.stats).toMatchObject({ syncs: 2, overruns: 1, repairs: 1 });
    await watcher.close();
  });

  it('in a storm of overruns does one dump after the other, and only the last that is wanted (K18)', async () => {
    const from = source();
    const watcher = watchLinks(from, options);
    await watcher.ready;
    let release = (): void => undefined;
    from.hold = new Promise((resolve) => {
      release = resolve;
    });
    for (let storm = 0; storm < 10; storm++) {
      from.send({ kind: 'overrun' });
      await turn();
    }
    release();
    await turn();
    expect(watcher.stats).toMatchObject({ syncs: 2, overruns: 10 });
    // Two tables each: the first look, the dump that the storm outdated, the one that counts.
    expect(from.dumps).toBe(6);
    await watcher.close();
  });

  it('answers every next(), in order, however many are under way', async () => {
    const from = source();
    const watcher = watchLinks(from, options);
    const events = watcher[Symbol.asyncIterator]();
    const asked = Array.from({ length: 6 }, () => events.next());
    await watcher.ready;
    const first = await Promise.all(asked.slice(0, 4));
    expect(first.map(({ value }) => value?.seq)).toEqual([1, 2, 3, 4]);
    await watcher.close();
    expect(await Promise.all(asked.slice(4))).toMatchObject([{ done: true }, { done: true }]);
  });

  it('takes bytes that it cannot frame as loss, messages of unknown type not', async () => {
    const from = source();
    const watcher = watchLinks(from, options);
    await watcher.ready;
    const undecodable = (code: string) =>
      from.send({ kind: 'undecodable', error: { code } as never });
    undecodable('UNKNOWN_MESSAGE');
    await turn();
    expect(watcher.stats).toMatchObject({ syncs: 1, undecodable: 1 });
    undecodable('MESSAGE_LENGTH');
    await turn();
    expect(watcher.stats).toMatchObject({ syncs: 2, undecodable: 2 });
    await watcher.close();
  });

  it('stops taking from the source while nobody takes its events', async () => {
    const from = source();
    const watcher = watchLinks(from, { ...options, queueLimit: 4 });
    await watcher.ready;
    for (let mtu = 0; mtu < 20; mtu++) from.message(newLink({ ifindex: 1, attrs: { mtu } }));
    await turn();
    expect(watcher.stats.queued).toBeLessThanOrEqual(5);
    expect(from.waiting).toBeGreaterThan(10);
    expect(await take(watcher, 24)).toHaveLength(24);
  });

  it('without events wanted, a watcher goes on for its snapshot alone', async () => {
    const from = source();
    const watcher = watchLinks(from, { ...options, queueLimit: 4, events: false });
    for (let mtu = 0; mtu < 20; mtu++) from.message(newLink({ ifindex: 1, attrs: { mtu } }));
    const [link] = await watcher.when((links) => links[0]?.mtu === 19);
    expect(link?.mtu).toBe(19);
    await watcher.close();
  });
});

describe('when()', () => {
  it('sees what changes without an event, such as counters', async () => {
    const from = source();
    const watcher = watchLinks(from, options);
    await watcher.ready;
    const counted = watcher.when((links) => links[0]?.carrierUpCount === 7);
    from.message(newLink({ ifindex: 1, attrs: { carrierUpCount: 7 } }));
    expect(await counted).toHaveLength(1);
    await watcher.close();
  });

  it('needs nobody to take the events, however small their queue', async () => {
    const watcher = watchLinks(source(), { ...options, queueLimit: 1 });
    await watcher.ready;
    expect(watcher.snapshot()).toHaveLength(1);
    await watcher.close();
  });

  it('resolves at once where it holds, later where it comes to hold', async () => {
    const from = source();
    const watcher = watchLinks(from, options);
    expect(await watcher.when((links) => links[0]?.level === 'routable')).toHaveLength(1);
    const later = watcher.when((links) => links[0]?.kernel === 'down');
    from.message(down);
    expect((await later)[0]?.kernel).toBe('down');
    await watcher.close();
  });

  it('rejects when aborted, when the predicate throws, when the watcher closes', async () => {
    const watcher = watchLinks(source(), options);
    await watcher.ready;
    const controller = new AbortController();
    const aborted = watcher.when(() => false, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    const throws = () => {
      throw new Error('bad predicate');
    };
    await expect(watcher.when(throws)).rejects.toThrow('bad predicate');
    const waiting = watcher.when(() => false);
    await watcher.close();
    await expect(waiting).rejects.toThrow('closed');
    await expect(watcher.when(() => true)).rejects.toThrow('closed');
  });
});

describe('a dump that fails', () => {
  /** A clock whose timers the test fires. */
  const handClock = () => {
    const timers: (() => void)[] = [];
    const setTimer = (_: number, run: () => void) => {
      timers.push(run);
      return () => undefined;
    };
    return { timers, options: { ...options, clock: { ...clock, setTimer } } };
  };

  it('after the first look is tried again after a pause, and the watcher lives', async () => {
    const from = source();
    const { timers, options: own } = handClock();
    const watcher = watchLinks(from, own);
    await watcher.ready;
    from.failDump = new Error('passing fault');
    from.send({ kind: 'overrun' });
    await turn();
    from.failDump = undefined;
    from.tables.links.push(newLink({ ifindex: 2 }));
    timers.shift()?.();
    expect(await watcher.when((links) => links.length === 2)).toHaveLength(2);
    await watcher.close();
  });

  it('time after time ends the watching with its error', async () => {
    const from = source();
    const { timers, options: own } = handClock();
    const watcher = watchLinks(from, own);
    await watcher.ready;
    from.failDump = new Error('for good');
    from.send({ kind: 'overrun' });
    for (let i = 0; i < 6; i++) {
      await turn();
      timers.shift()?.();
    }
    await expect(take(watcher, 99)).rejects.toThrow('for good');
  });
});

describe('the end', () => {
  it('an error of the source is the end of the iteration, of ready and of every wait', async () => {
    const from = source();
    from.failDump = new Error('no rights');
    const watcher = watchLinks(from, options);
    const waiting = watcher.when(() => true);
    await expect(watcher.ready).rejects.toThrow('no rights');
    await expect(waiting).rejects.toThrow('no rights');
    await expect(take(watcher, 99)).rejects.toThrow('no rights');
  });

  it('a source that breaks later gives what was told before, then the error', async () => {
    const from = source();
    const watcher = watchLinks(from, options);
    await watcher.ready;
    from.fail(new Error('gone'));
    const told: WatchEvent[] = [];
    const run = async () => {
      for await (const event of watcher) told.push(event);
    };
    await expect(run()).rejects.toThrow('gone');
    expect(kinds(told)).toEqual(['sync-started', 'link-added', 'address-added', 'sync-ended']);
  });

  it('an abort ends it with the reason, before the start too', async () => {
    const controller = new AbortController();
    const watcher = watchLinks(source(), { ...options, signal: controller.signal });
    await watcher.ready;
    controller.abort(new Error('stop'));
    await expect(take(watcher, 99)).rejects.toThrow('stop');
    const late = watchLinks(source(), {
      ...options,
      signal: AbortSignal.abort(new Error('never')),
    });
    await expect(late.ready).rejects.toThrow('never');
  });

  it('closing twice is closing once, and ends the iteration quietly', async () => {
    const from = source();
    const watcher = watchLinks(from, options);
    await watcher.close();
    await watcher.close();
    expect(await take(watcher, 99)).toEqual([]);
    await expect(watcher.ready).rejects.toThrow('closed');
  });
});

describe('one look', () => {
  it('reads links and addresses without listening', async () => {
    const from = source();
    const { links, interrupted } = await readLinks(from);
    expect(links).toMatchObject([{ ifname: 'v1', level: 'routable' }]);
    expect([interrupted, from.groups]).toEqual([false, []]);
  });
});
