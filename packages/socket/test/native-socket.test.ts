import { describe, expect, test } from 'vitest';
import { missingFor, namespaceMissing, runScript, titleOf } from './namespace.js';

const inNamespace = test.skipIf(namespaceMissing !== undefined);
const python = missingFor('python3');
const withPython = test.skipIf(python !== undefined);
const title = (fact: string) => titleOf(fact, namespaceMissing);

describe('the native socket on the real kernel', () => {
  inNamespace(
    title('reports an overrun in order, lives, and hears later events (K18, K19)'),
    async () => {
      const { status, lines, stderr } = await runScript('overrun.mjs');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const [told] = lines as unknown as [Record<string, number>];
      expect(told.overrunAt).toBe(0); // ENOBUFS stands before the older messages that were kept
      expect(told.kept).toBeGreaterThan(0);
      expect(told.kept).toBeLessThan(200);
      expect(told.dropped).toBe(200 - (told.kept as number));
      expect(told.later).toBe(1);
    },
  );

  inNamespace(title('ends a batch at the end of a slab of odd length'), async () => {
    const { status, lines } = await runScript('odd-slab.mjs');
    expect(status).toBe(0);
    const [told] = lines as unknown as [{ counts: number[]; flags: number[]; refused: string }];
    expect(told.counts.every((count) => count === 1)).toBe(true);
    expect(told.flags[0]).toBe(1); // cut
    expect(told.flags).not.toContain(4); // failed, as with EINVAL for an impossible length
    expect(told.refused).toBe('RangeError');
  });

  withPython(titleOf('drops and counts what another process sends (K25)', python), async () => {
    const { lines } = await runScript('foreign.mjs');
    const [told] = lines as unknown as [{ rows: { portId: number }[]; stats: { foreign: number } }];
    expect(told.stats.foreign).toBe(1);
    expect(told.rows.every((row) => row.portId === 0)).toBe(true);
    expect(told.rows).not.toHaveLength(0);
  });

  withPython(titleOf('hands over what another process sends when asked to', python), async () => {
    const { lines } = await runScript('foreign.mjs', { args: ['accept'] });
    const [told] = lines as unknown as [{ rows: { portId: number }[]; stats: { foreign: number } }];
    expect(told.stats.foreign).toBe(0);
    expect(told.rows[0]?.portId).not.toBe(0);
  });

  for (const how of ['throw', 'tick', 'promise']) {
    inNamespace(
      title(`an exception in the callback (${how}) ends the process as any other`),
      async () => {
        const { status, stderr } = await runScript('callback-throws.mjs', { args: [how] });
        expect(status).toBe(1);
        expect(stderr).toContain(`Error: ${how}`);
      },
    );

    inNamespace(
      title(`an exception in the callback (${how}) reaches uncaughtException`),
      async () => {
        const { status, lines } = await runScript('callback-throws.mjs', {
          args: [how, 'handled'],
        });
        expect({ status, lines }).toEqual({ status: 0, lines: [{ caught: how, same: true }] });
      },
    );
  }

  inNamespace(
    title('a batch runs in the async context of its opener, ticks and promises after it'),
    async () => {
      const { lines } = await runScript('async-context.mjs');
      const order = ['batch', 'in a context', 'tick', 'promise'];
      expect(lines).toEqual([{ order, store: 'opener' }]);
    },
  );

  for (const how of ['exit', 'in-callback', 'unref', 'never-started']) {
    inNamespace(title(`the process ends cleanly with a socket open: ${how}`), async () => {
      const { status, signal, stderr } = await runScript('exit.mjs', { args: [how] });
      expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
    });
  }

  inNamespace(title('closing inside the callback, twice, ends the process'), async () => {
    const { status, lines } = await runScript('exit.mjs', { args: ['close-in-callback'] });
    expect({ status, lines }).toEqual({ status: 0, lines: [{ closed: true }] });
  });

  inNamespace(title('20 workers with reading sockets end, terminated or not'), async () => {
    const { status, signal, lines, stderr } = await runScript('workers.mjs');
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
    expect((lines[0] as { codes: number[] }).codes).toHaveLength(20);
  });
});
