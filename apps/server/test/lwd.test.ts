/** lwd as its users run it: a process, its lines, its signals. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const missing = whatIsMissing();
const kernel = missing === undefined ? '' : ` [skipped: ${missing}]`;

type Line = Readonly<Record<string, unknown>>;

/** Why links cannot be made here; undefined when they can. */
function whatIsMissing(): string | undefined {
  const made = spawnSync('unshare', ['-rn', 'ip', 'link', 'add', 'probe', 'type', 'veth']);
  if (made.error !== undefined) return 'the program unshare is missing';
  return made.status === 0 ? undefined : 'no veth in a user and network namespace of our own';
}

/** Runs lwd in a network namespace of its own. `unshare` becomes lwd, so that signals reach it. */
function start() {
  const child = spawn('unshare', ['-rn', process.execPath, program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let seq = 0;
  const rows = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    stderr: () => stderr,
    /** Runs a shell command in lwd's namespace. */
    sh(command: string): void {
      const into = ['-t', `${child.pid}`, '-U', '-n', '--preserve-credentials'];
      const done = spawnSync('nsenter', [...into, 'sh', '-c', command], { encoding: 'utf8' });
      expect(done.stderr).toBe('');
    },
    /** Reads on to the first line of this kind, for this link if one is named. */
    async until(kind: string, ifname?: string): Promise<Line> {
      for (;;) {
        const { value, done } = await rows.next();
        if (done === true) throw new Error(`lwd ended before ${kind}: ${stderr}`);
        const line: Line = JSON.parse(value);
        expect(line.seq).toBe(++seq);
        if (line.kind === kind && (ifname === undefined || line.ifname === ifname)) return line;
      }
    },
    async end(signal: NodeJS.Signals): Promise<readonly unknown[]> {
      child.kill(signal);
      return once(child, 'close');
    },
  };
}

describe('lwd on the real kernel', () => {
  it.skipIf(missing)(`writes a link's way up and down as JSON lines${kernel}`, async () => {
    const lwd = start();
    const { epoch } = await lwd.until('sync-ended');
    lwd.sh('ip link add v0 type veth peer name v1 && ip link set v0 up && ip link set v1 up');
    const up = await lwd.until('link-up', 'v0');
    expect(up).toMatchObject({ epoch, to: 'up', ifname: 'v0' });
    lwd.sh('ip link set v1 down');
    const down = await lwd.until('link-down', 'v0');
    expect(down).toMatchObject({ epoch, from: 'up', to: 'lower-layer-down' });
    expect(await lwd.end('SIGTERM')).toEqual([0, null]);
    expect(lwd.stderr()).toBe('');
  });

  it.skipIf(missing)(`ends cleanly on SIGINT${kernel}`, async () => {
    const lwd = start();
    await lwd.until('sync-ended');
    expect(await lwd.end('SIGINT')).toEqual([0, null]);
    expect(lwd.stderr()).toBe('');
  });

  it.skipIf(missing)(`ends on SIGTERM though its reader has stopped reading${kernel}`, async () => {
    const lwd = start();
    await lwd.until('sync-ended');
    lwd.child.stdout.pause();
    // More than a pipe (64 KiB) and the streams on both sides of it hold.
    lwd.sh('for n in $(seq 200); do ip link add v$n type veth peer name w$n || exit; done');
    lwd.child.kill('SIGTERM');
    const [status] = await once(lwd.child, 'exit');
    expect(status).toBe(0);
  });

  it.skipIf(missing)(`ends without a word when its reader has gone${kernel}`, async () => {
    const lwd = start();
    await lwd.until('sync-ended');
    lwd.child.stdout.destroy();
    lwd.sh('ip link add v0 type veth peer name v1');
    const [status] = await once(lwd.child, 'exit');
    expect(status).toBe(0);
    expect(lwd.stderr()).toBe('');
  });
});

describe('the command line of lwd', () => {
  const lwd = (...args: readonly string[]) =>
    spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

  it('tells what is wrong and how it is used', () => {
    const { status, stderr, stdout } = lwd('--colour');
    expect(stderr).toMatch(/^lwd: .*--colour/);
    expect(stderr).toContain('usage: lwd');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('says its version and its help on standard output', () => {
    expect(lwd('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(lwd('--help').stdout).toContain('usage: lwd');
  });
});
