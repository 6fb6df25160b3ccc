import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  missingFor,
  namespaceMissing,
  runScript,
  type ScriptOptions,
  titleOf,
  unprivilegedMissing,
} from './namespace.js';

// biome-ignore lint/suspicious/noExplicitAny: what a script printed
type Told = any;

const title = (fact: string) => titleOf(fact, namespaceMissing);
const nested = unprivilegedMissing();
const unprivileged = test.skipIf(nested !== undefined);
const nsenter = missingFor('nsenter');
const withNsenter = test.skipIf(nsenter !== undefined);
const inNamespace = test.skipIf(namespaceMissing !== undefined);

async function told(script: string, options?: ScriptOptions): Promise<Told[]> {
  const { status, stderr, lines } = await runScript(script, options);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return [...lines];
}

describe('the client on the real kernel', () => {
  inNamespace(
    title('does, dumps as ip does, and refuses with the words of the kernel'),
    async () => {
      const [requests, dumps, abandoned, after] = await told('client-requests.mjs');
      expect(requests.created).toEqual({ value: [] });
      expect(requests.again).toMatchObject({ name: 'NetlinkError', code: 'EEXIST', errno: 17 });
      expect(requests.mtu).toMatchObject({ name: 'NetlinkError', code: 'EINVAL' });
      expect(requests.mtu.message).toBe(
        'newlink: Invalid argument (EINVAL): mtu greater than device maximum',
      );
      expect(requests.path).toMatchObject({ code: 'ERANGE', extack: { path: 'linkinfo.data.id' } });
      expect(requests.path.message).toMatch(
        /^newlink: .* \(ERANGE\): VXLAN .*, at linkinfo\.data\.id$/,
      );
      expect(requests.got).toEqual(['made']);
      expect(dumps.interrupted).toBe(false);
      expect(dumps.same).toBe(true);
      expect(new Set(dumps.counts).size).toBe(1);
      expect(abandoned.error).toBe('AbortError');
      expect(abandoned.attempts).toBeGreaterThan(1); // EBUSY at first
      expect(abandoned.count).toBe(dumps.counts[0]);
      expect(abandoned.late).toBeGreaterThan(0);
      expect(after.left).toBe(3); // lo and the two ends of the veth
      expect(after.stats).toMatchObject({ late: 0, decodeErrors: 0, overruns: 0, foreign: 0 });
    },
  );

  inNamespace(
    title('subscribes: marks, overruns (K18, K19), back-pressure, churn (K20)'),
    async () => {
      const [marked, storm, slow, churn] = await told('client-events.mjs');
      expect(marked.kinds).toEqual(['message', 'message', 'message', 'mark', 'message']);
      expect(marked.groups).toEqual([1, 1, 1, null, 1]);
      expect(marked.aliases).toEqual(['a0', 'a1', 'a2', null, 'a0']);
      expect(storm.first.kind).toBe('overrun');
      expect(storm.kept + storm.first.dropped).toBe(200);
      expect(storm.later).toBe('message');
      expect(storm.stats).toMatchObject({ overruns: 1, dropped: storm.first.dropped });
      expect(slow.held).toBeLessThan(100);
      expect(slow.overrun).toBe(true);
      expect(churn.consistent).toBeGreaterThan(0);
    },
  );

  inNamespace(title('a streamed dump that is left early does not hold the process'), async () => {
    const [left] = await told('leave-stream.mjs');
    expect(left).toMatchObject({ code: 'ROWS_TAKEN', interrupted: null });
    expect(left.lingeredMs).toBeLessThan(2_000); // of the deadline's 20 s
  });

  unprivileged(
    titleOf('watches without capabilities; what needs them says so (K32)', nested),
    async () => {
      const [said] = await told('client-unprivileged.mjs', { unprivileged: true });
      expect(said.refused).toMatchObject({ name: 'NetlinkError', code: 'EPERM' });
      expect(said.refused.message).toContain('CAP_NET_ADMIN');
      expect(said.allNsid).toMatchObject({ code: 'EPERM', syscall: 'setsockopt' });
      expect(said.allNsid.message).toContain('CAP_NET_BROADCAST');
      expect(said.mark).toEqual({ kind: 'mark', token: 1 });
      expect(said.links).toBe(1);
      // SO_RCVBUFFORCE is refused, so the system's limit holds; the kernel doubles what it grants (K27).
      const limit = Number(readFileSync('/proc/sys/net/core/rmem_max', 'utf8'));
      expect(said.rcvbufBytes).toBe(2 * Math.min(said.askedBytes, limit));
    },
  );

  withNsenter(titleOf('hears other namespaces with their id (K33)', nsenter), async () => {
    const [said] = await told('all-nsid.mjs');
    expect(said.nsids).toEqual([0, null]);
  });
});
