import { NLMSG_ERROR, splitMessages } from '@lw/codec';
import { afterEach, describe, expect, test } from 'vitest';
import { type Datagram, datagramAt } from '../src/datagram-batch.js';
import { SocketClosedError, SocketError } from '../src/errors.js';
import type { Transport, TransportSink } from '../src/transport.js';
import { rawMessage } from './messages.js';

/** A message type that no subsystem has: answered with NLMSG_ERROR, whoever asks. */
const unknownType = 0x7ff0;

export interface ContractSubject {
  readonly name: string;
  /** Reason for a visible skip. */
  readonly missing: string | undefined;
  /** A transport that answers every request of an unknown type with an error. */
  open(): Transport;
}

interface Listener extends TransportSink {
  readonly datagrams: Datagram[];
  readonly answers: { readonly seq: number; readonly portId: number }[];
  inBatch: () => void;
}

/** What every transport does: the kernel's, a simulator's, a recording's. */
export function describeTransport(subject: ContractSubject): void {
  const { missing } = subject;
  const title = missing === undefined ? subject.name : `${subject.name} [skipped: ${missing}]`;
  describe.skipIf(missing !== undefined)(`${title} is a transport`, () => {
    const opened: Transport[] = [];
    const open = () => {
      const transport = subject.open();
      opened.push(transport);
      return transport;
    };
    afterEach(() => {
      for (const transport of opened.splice(0)) transport.close();
    });

    test('an answer carries the seq of the request and the port id of the transport', async () => {
      const transport = open();
      const heard = listen(transport);
      transport.send(request(7));
      await until(() => heard.answers.length === 1);
      expect(heard.answers).toEqual([{ seq: 7, portId: transport.portId }]);
      expect(transport.portId).not.toBe(0);
    });

    test('what the kernel sends has sender 0, no group and no namespace', async () => {
      const transport = open();
      const heard = listen(transport);
      transport.send(request(1));
      await until(() => heard.datagrams.length === 1);
      const [first] = heard.datagrams;
      expect(first?.portId).toBe(0);
      expect(first).not.toHaveProperty('group');
      expect(first).not.toHaveProperty('nsid');
    });

    test('answers come in the order of the requests', async () => {
      const transport = open();
      const heard = listen(transport);
      for (let seq = 1; seq <= 50; seq++) transport.send(request(seq));
      await until(() => heard.answers.length === 50);
      expect(heard.answers.map((answer) => answer.seq)).toEqual(
        Array.from({ length: 50 }, (_, index) => index + 1),
      );
    });

    test('paused, it hands over nothing until it is resumed', async () => {
      const transport = open();
      const heard = listen(transport);
      transport.pause();
      transport.send(request(1));
      await turns(5);
      expect(heard.answers).toHaveLength(0);
      transport.resume();
      await until(() => heard.answers.length === 1);
    });

    test('drain hands over what is queued before it returns, paused too', () => {
      const transport = open();
      const heard = listen(transport);
      transport.pause();
      transport.send(request(1));
      transport.send(request(2));
      expect(heard.answers).toHaveLength(0);
      transport.drain();
      expect(heard.answers.map((answer) => answer.seq)).toEqual([1, 2]);
    });

    test('what is answered before it is started waits for the start', async () => {
      const transport = open();
      transport.send(request(3));
      transport.drain();
      const heard = listen(transport);
      await until(() => heard.answers.length === 1);
      expect(heard.answers[0]?.seq).toBe(3);
    });

    test('a request from inside a batch is answered in a later batch', async () => {
      const transport = open();
      const heard = listen(transport);
      let depth = 0;
      heard.inBatch = () => {
        expect(depth).toBe(0);
        depth += 1;
        if (heard.answers.length === 1) transport.send(request(2));
        depth -= 1;
      };
      transport.send(request(1));
      await until(() => heard.answers.length === 2);
    });

    test('draining from inside a batch is refused', async () => {
      const transport = open();
      const heard = listen(transport);
      let thrown: unknown;
      heard.inBatch = () => {
        try {
          transport.drain();
        } catch (error) {
          thrown = error;
        }
      };
      transport.send(request(1));
      await until(() => thrown !== undefined);
      expect(thrown).toBeInstanceOf(SocketError);
      expect((thrown as SocketError).code).toBe('REENTRANT');
    });

    test('the sink may close it from inside a batch', async () => {
      const transport = open();
      const heard = listen(transport);
      heard.inBatch = () => transport.close();
      transport.send(request(1));
      await until(() => transport.closed);
      expect(heard.answers).toHaveLength(1);
    });

    test('closed, twice too, it refuses to work and still has its stats', async () => {
      const transport = open();
      const heard = listen(transport);
      transport.send(request(1));
      await until(() => heard.answers.length === 1);
      transport.close();
      transport.close();
      expect(transport.closed).toBe(true);
      expect(() => transport.send(request(2))).toThrow(SocketClosedError);
      expect(() => transport.drain()).toThrow(SocketClosedError);
      expect(transport.stats.received).toBe(1);
      expect(transport.stats.rcvbufBytes).toBeGreaterThan(0);
    });
  });
}

function request(seq: number): Uint8Array {
  return rawMessage(unknownType, { seq, portId: 0, flags: 0x5 }, new Uint8Array(16));
}

/** Starts the transport with a sink that keeps copies. */
function listen(transport: Transport): Listener {
  const listener: Listener = {
    datagrams: [],
    answers: [],
    inBatch: () => {},
    receive(batch) {
      for (let index = 0; index < batch.count; index++) {
        const datagram = datagramAt(batch, index);
        if (datagram === undefined) continue;
        listener.datagrams.push({ ...datagram, bytes: datagram.bytes.slice() });
        for (const { type, seq, portId } of splitMessages(datagram.bytes)) {
          if (type === NLMSG_ERROR) listener.answers.push({ seq, portId });
        }
      }
      listener.inBatch();
    },
    failed(error) {
      throw error;
    },
  };
  transport.start(listener);
  return listener;
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits for the loop, up to a second. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 1_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('nothing came within a second');
    await turns(1);
  }
}
