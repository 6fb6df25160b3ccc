import { NLM_F_DUMP_INTR } from '@lw/codec';
import { rtLink } from '@lw/codec/families/rt-link';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { NetlinkClient } from '../src/client.js';
import { DumpInterruptedError, RequestTimeoutError, SocketClosedError } from '../src/errors.js';
import {
  ackMessage,
  doneMessage,
  type Envelope,
  joined,
  linkMessage,
  rawMessage,
} from './messages.js';
import { type Row, type Script, ScriptedTransport } from './scripted-transport.js';

const { getlink } = rtLink.ops;
const EBUSY = 16;
const EOPNOTSUPP = 95;

/** A client whose kernel answers the nth dump with the nth list of rows; the last one stays. */
function clientOf(...answers: ((to: Envelope) => Row[])[]) {
  const opened: ScriptedTransport[] = [];
  let asked = 0;
  const script: Script = ({ seq }, { portId }) => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    return answer?.({ seq, portId }) ?? [];
  };
  const openTransport = () => {
    const transport = new ScriptedTransport(script);
    opened.push(transport);
    return transport;
  };
  return { client: new NetlinkClient({ openTransport }), opened, asked: () => asked };
}

const complete = (to: Envelope) => [
  joined(linkMessage('lo', 1, to), linkMessage('eth0', 2, to)),
  doneMessage(to),
];
const interruptedPart = (to: Envelope) => [
  linkMessage('gone', 9, { ...to, flags: NLM_F_DUMP_INTR }),
  doneMessage(to),
];
const interruptedDone = (to: Envelope) => [
  linkMessage('gone', 9, to),
  doneMessage({ ...to, flags: NLM_F_DUMP_INTR }),
];
/** More than a stream keeps for its consumer, and no end. */
const manyLinks = (to: Envelope) => [
  joined(...Array.from({ length: 1100 }, (_, n) => linkMessage(`l${n}`, n, to))),
];
const names = (messages: readonly { attrs: { ifname?: string | undefined } }[]) =>
  messages.map((message) => message.attrs.ifname);

afterEach(() => {
  vi.useRealTimers();
});

describe('dump', () => {
  test('collects the parts of all datagrams until NLMSG_DONE', async () => {
    const { client } = clientOf(complete);
    const { messages, ...rest } = await client.dump(getlink).collect();
    expect(names(messages)).toEqual(['lo', 'eth0']);
    expect(rest).toEqual({ interrupted: false, attempts: 1, warnings: [], problems: [] });
  });

  test('iterates the same rows, and asks nothing before that', async () => {
    const { client, asked } = clientOf(complete);
    const dump = client.dump(getlink);
    expect(asked()).toBe(0);
    const rows = [];
    for await (const row of dump) rows.push(row);
    expect(names(rows)).toEqual(['lo', 'eth0']);
    expect(dump.interrupted).toBe(false);
    await dump.collect();
    expect(asked()).toBe(1);
  });

  test('is read again when a part says that the table changed (K20)', async () => {
    const { client } = clientOf(interruptedPart, complete);
    const result = await client.dump(getlink).collect();
    expect(names(result.messages)).toEqual(['lo', 'eth0']);
    expect(result).toMatchObject({ interrupted: false, attempts: 2 });
  });

  test('is read again when only NLMSG_DONE says so (K20)', async () => {
    const { client } = clientOf(interruptedDone, interruptedDone, complete);
    const result = await client.dump(getlink).collect();
    expect(result).toMatchObject({ interrupted: false, attempts: 3 });
  });

  test('interrupted until the deadline, gives the data and says so (K20)', async () => {
    const { client } = clientOf(interruptedPart);
    const dump = client.dump(getlink, { timeoutMs: 60 });
    const result = await dump.collect();
    expect(result.interrupted).toBe(true);
    expect(result.attempts).toBeGreaterThan(1);
    expect(names(result.messages)).toEqual(['gone']);
    expect(dump.interrupted).toBe(true);
  });

  test('interrupted once and then never answered, gives what it has', async () => {
    const { client } = clientOf(interruptedPart, () => []);
    const result = await client.dump(getlink, { timeoutMs: 60 }).collect();
    expect(result).toMatchObject({ interrupted: true, attempts: 1 });
  });

  test('without NLMSG_DONE ends at the deadline', async () => {
    const { client } = clientOf((to) => [linkMessage('lo', 1, to)]);
    await expect(client.dump(getlink, { timeoutMs: 20 }).collect()).rejects.toBeInstanceOf(
      RequestTimeoutError,
    );
  });

  test('an error inside NLMSG_DONE is the result (K21)', async () => {
    const { client } = clientOf((to) => [
      linkMessage('lo', 1, to),
      doneMessage(to, EOPNOTSUPP, 'not here'),
    ]);
    const error = await client
      .dump(getlink)
      .collect()
      .catch((caught) => caught);
    expect(error).toMatchObject({ name: 'NetlinkError', code: 'EOPNOTSUPP' });
    expect(error.message).toContain('not here');
  });

  test('a remark inside NLMSG_DONE is a warning (K21)', async () => {
    const { client } = clientOf((to) => [doneMessage(to, 0, 'filtered in part')]);
    expect((await client.dump(getlink).collect()).warnings).toEqual(['filtered in part']);
  });

  test('one runs at a time on a socket, in order (K23)', async () => {
    const { client, opened } = clientOf(() => []);
    const answer = (index: number) => {
      const transport = opened[0] as ScriptedTransport;
      const { seq } = transport.sent[index] as { seq: number };
      transport.arrive(...complete({ seq, portId: transport.portId }));
    };
    const first = client.dump(getlink).collect();
    const second = client.dump(getlink).collect();
    await turn();
    expect(opened[0]?.sent).toHaveLength(1);
    answer(0);
    await first;
    await turn();
    expect(opened[0]?.sent).toHaveLength(2);
    answer(1);
    expect((await second).messages).toHaveLength(2);
  });

  test('has its whole time from its turn on, however long it was queued', async () => {
    const { client, opened } = clientOf(() => [], complete);
    const first = client.dump(getlink).collect();
    const second = client.dump(getlink, { timeoutMs: 30 }).collect();
    await pause(60);
    const transport = opened[0] as ScriptedTransport;
    transport.arrive(doneMessage({ seq: transport.sent[0]?.seq ?? 0, portId: transport.portId }));
    await first;
    expect((await second).messages).toHaveLength(2);
  });

  test('is asked again when the kernel still runs an abandoned one (K23)', async () => {
    const { client } = clientOf((to) => [ackMessage(EBUSY, to)], complete);
    expect((await client.dump(getlink).collect()).attempts).toBe(2);
  });

  test('busy until the deadline, it fails with EBUSY', async () => {
    const { client } = clientOf((to) => [ackMessage(EBUSY, to)]);
    const dump = client.dump(getlink, { timeoutMs: 40 });
    await expect(dump.collect()).rejects.toMatchObject({ code: 'EBUSY' });
  });

  test('aborted while it waits for its turn, it leaves the queue', async () => {
    const { client, opened } = clientOf(() => []);
    const controller = new AbortController();
    const running = client
      .dump(getlink, { timeoutMs: 40 })
      .collect()
      .catch(() => 'timeout');
    const waiting = client.dump(getlink, { signal: controller.signal }).collect();
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(await running).toBe('timeout');
    expect(opened[0]?.sent).toHaveLength(1);
  });

  test('parts lost in an overrun or cut make it read again (K18, K26)', async () => {
    const overrun = (to: Envelope): Row[] => [{ kind: 'overrun' }, ...complete(to)];
    const cut = (to: Envelope): Row[] => {
      const bytes = linkMessage('lo', 1, to);
      return [
        { bytes: bytes.slice(0, 20), portId: 0, truncatedFrom: bytes.length },
        doneMessage(to),
      ];
    };
    const { client } = clientOf(overrun, cut, complete);
    expect((await client.dump(getlink).collect()).attempts).toBe(3);
  });

  test('a dump whose end was lost in an overrun is read again (K18)', async () => {
    const lost = (to: Envelope): Row[] => [{ kind: 'overrun' }, linkMessage('lo', 1, to)];
    const { client } = clientOf(lost, complete);
    expect((await client.dump(getlink).collect()).attempts).toBe(2);
  });

  test('a message of no known kind rejects; the next dump works', async () => {
    const { client } = clientOf(
      (to) => [rawMessage(999, to, new Uint8Array(8)), doneMessage(to)],
      complete,
    );
    await expect(client.dump(getlink).collect()).rejects.toMatchObject({ code: 'UNKNOWN_MESSAGE' });
    expect((await client.dump(getlink).collect()).messages).toHaveLength(2);
  });
});

describe('dump as a stream', () => {
  test('gives rows of one attempt and reports the interruption as data', async () => {
    const { client, opened } = clientOf(interruptedDone);
    const dump = client.dump(getlink, { stream: true });
    const rows = [];
    for await (const row of dump) rows.push(row);
    expect(names(rows)).toEqual(['gone']);
    expect(dump.interrupted).toBe(true);
    expect(opened[0]?.closed).toBe(true);
  });

  test('waits in the kernel for a slow consumer, on a socket of its own', async () => {
    const { client, opened } = clientOf(manyLinks);
    const dump = client.dump(getlink, { stream: true });
    const rows = dump[Symbol.asyncIterator]();
    await rows.next();
    expect(opened[0]?.paused).toBe(true);
    for (let n = 1; n < 1000; n++) await rows.next();
    expect(opened[0]?.paused).toBe(false);
    await rows.return?.();
    expect(opened[0]?.closed).toBe(true);
  });

  test('a consumer that stops ends the dump in the kernel', async () => {
    const { client, opened } = clientOf((to) => [linkMessage('lo', 1, to)]);
    for await (const _ of client.dump(getlink, { stream: true })) break;
    expect(opened[0]?.closed).toBe(true);
    await client.close();
  });

  test('left early, it leaves no timer that would hold the process', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { client } = clientOf((to) => [linkMessage('lo', 1, to)]);
    for await (const _ of client.dump(getlink, { stream: true })) {
      expect(vi.getTimerCount()).toBe(1);
      break;
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  test('cannot be collected once rows went to an iteration, left early or not', async () => {
    const { client } = clientOf((to) => [linkMessage('lo', 1, to)], complete);
    const left = client.dump(getlink, { stream: true });
    for await (const _ of left) break;
    await expect(left.collect()).rejects.toMatchObject({ code: 'ROWS_TAKEN' });
    expect(left.interrupted).toBeUndefined();
    const read = client.dump(getlink, { stream: true });
    for await (const _ of read);
    await expect(read.collect()).rejects.toMatchObject({ code: 'ROWS_TAKEN' });
    expect(read.interrupted).toBe(false);
  });

  test('ended from elsewhere while it is collected, it rejects', async () => {
    const { client } = clientOf((to) => [linkMessage('lo', 1, to)]);
    const ended = client.dump(getlink, { stream: true });
    const collected = ended.collect();
    await ended[Symbol.asyncIterator]().return?.();
    await expect(collected).rejects.toBeInstanceOf(SocketClosedError);
    const closed = client.dump(getlink, { stream: true }).collect();
    const settled = expect(closed).rejects.toBeInstanceOf(SocketClosedError);
    await client.close();
    await settled;
  });

  test('a consumer that sleeps past the deadline gets every row', async () => {
    const { client, opened } = clientOf(manyLinks);
    const rows = client.dump(getlink, { stream: true, timeoutMs: 40 })[Symbol.asyncIterator]();
    await rows.next();
    const [transport] = opened as [ScriptedTransport];
    transport.arrive(doneMessage({ seq: transport.sent[0]?.seq ?? 0, portId: transport.portId }));
    await pause(100);
    let count = 1;
    while (!(await rows.next()).done) count += 1;
    expect(count).toBe(1100);
  });

  test('the deadline runs again when reading goes on: a silent kernel is a timeout', async () => {
    const { client } = clientOf(manyLinks);
    const dump = client.dump(getlink, { stream: true, timeoutMs: 40 });
    await expect(dump.collect()).rejects.toBeInstanceOf(RequestTimeoutError);
  });

  test('a kernel that goes on answering is not silent, however long it takes', async () => {
    const { client, opened } = clientOf(() => []);
    const collected = client.dump(getlink, { stream: true, timeoutMs: 60 }).collect();
    const [transport] = opened as [ScriptedTransport];
    const to = { seq: transport.sent[0]?.seq ?? 0, portId: transport.portId };
    for (let n = 0; n < 5; n++) {
      await pause(20);
      transport.arrive(linkMessage(`l${n}`, n, to));
    }
    transport.arrive(doneMessage(to));
    expect((await collected).messages).toHaveLength(5);
  });

  test('collects too', async () => {
    const { client } = clientOf(complete);
    const result = await client.dump(getlink, { stream: true }).collect();
    expect(names(result.messages)).toEqual(['lo', 'eth0']);
    expect(result).toMatchObject({ interrupted: false, attempts: 1 });
  });

  test('throws what the kernel refused', async () => {
    const { client } = clientOf((to) => [ackMessage(EOPNOTSUPP, to)]);
    const dump = client.dump(getlink, { stream: true });
    await expect(dump.collect()).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
  });
});

describe('a raw dump', () => {
  const message = rawMessage(18, { seq: 0, portId: 0, flags: 0x300 }, new Uint8Array(16));

  test('gives copies of all parts', async () => {
    const { client } = clientOf(complete);
    expect(await client.request(message, { dump: true })).toHaveLength(2);
  });

  test('throws when no attempt was consistent, for its rows carry no mark (K20)', async () => {
    const { client } = clientOf(interruptedPart);
    const asked = client.request(message, { dump: true, timeoutMs: 40 });
    await expect(asked).rejects.toBeInstanceOf(DumpInterruptedError);
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
