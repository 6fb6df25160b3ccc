import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const main = join(import.meta.dirname, '../dist/main.js');
const missing = reason();

function reason(): string | undefined {
  if (process.platform !== 'linux') return 'netlink needs Linux';
  if (!existsSync(main)) return 'dist/main.js is missing: npm run build';
  const made = spawnSync('unshare', ['-rn', 'ip', 'link', 'add', 'probe', 'type', 'veth']);
  return made.status === 0 ? undefined : 'no veth in a namespace of our own';
}

const title = (fact: string): string =>
  missing === undefined ? fact : `${fact} [skipped: ${missing}]`;

type Event = Readonly<Record<string, unknown>>;

/** Collects JSON lines; resolves when one is as wanted. */
function eventsOf(child: ChildProcess): {
  wait(wanted: (event: Event) => boolean): Promise<Event[]>;
} {
  const events: Event[] = [];
  let rest = '';
  let told = (): void => undefined;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    events.push(...lines.map((line) => JSON.parse(line)));
    told();
  });
  return {
    wait: (wanted) =>
      new Promise((resolve) => {
        told = () => {
          if (events.some(wanted)) resolve(events);
        };
        told();
      }),
  };
}

describe('lwd', () => {
  it.skipIf(missing !== undefined)(
    title('writes events as JSON lines until it is told to stop'),
    async () => {
      const command = 'ip link add v0 type veth peer name v1; exec "$0" "$@"';
      const child = spawn('unshare', ['-rn', 'sh', '-c', command, process.execPath, main]);
      const events = eventsOf(child);
      await events.wait((event) => event.kind === 'sync-ended');
      for (const name of ['v0', 'v1']) {
        execFileSync('nsenter', [
          '-t',
          `${child.pid}`,
          '-U',
          '-n',
          '--preserve-credentials',
          'ip',
          'link',
          'set',
          name,
          'up',
        ]);
      }
      const seen = await events.wait((event) => event.kind === 'link-up' && event.ifname === 'v0');
      expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, i) => i + 1));
      child.kill('SIGTERM');
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect(code).toBe(0);
    },
  );

  it.skipIf(missing !== undefined)(title('refuses what it does not know'), () => {
    const { status, stderr } = spawnSync(process.execPath, [main, '--fast'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain("unknown argument '--fast'");
  });
});
