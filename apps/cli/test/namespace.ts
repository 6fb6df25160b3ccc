import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Running, startProcess } from './running.js';

/** The program as users get it: `npm test` builds first. */
export const mainFile: string = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** Why tests in a network namespace of their own cannot run here; undefined when they can. */
export const namespaceMissing: string | undefined = probe();

/** Title of a test, with the reason in it when it is skipped. */
export function titleOf(fact: string, missing: string | undefined): string {
  return missing === undefined ? fact : `${fact} [skipped: ${missing}]`;
}

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A network namespace of our own, in a user namespace of our own: we are root in it, and only in it. */
export interface Namespace {
  /** Of the process that holds it. */
  readonly pid: number;
  /** Runs `ip` in it; fails the test when ip fails. */
  ip(...args: readonly string[]): string;
  /** What `ip -j` prints, parsed. */
  ipJson(...args: readonly string[]): readonly Record<string, unknown>[];
  /** Runs lw in it to its end. */
  lw(args: readonly string[], wrapper?: readonly string[]): Finished;
  /** Starts lw in it. */
  start(...args: readonly string[]): Running;
  /** The same behind another command, such as setpriv. */
  startWith(wrapper: readonly string[], ...args: readonly string[]): Running;
  /** Any command in it. */
  run(command: readonly string[]): Finished;
  /** A second network namespace of the same user namespace. */
  beside(): Promise<Namespace>;
  close(): void;
}

export async function openNamespace(): Promise<Namespace> {
  return hold(['unshare', '-rn', ...holder]);
}

/** Lives until its stdin closes, which it does when we die. */
const holder = ['sh', '-c', 'echo ready; exec cat'];

async function hold(argv: readonly string[]): Promise<Namespace> {
  const child = spawn(argv[0] as string, argv.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  const pid = child.pid as number;
  const running: Running[] = [];
  const inside = (command: readonly string[]) => [
    ...['-t', `${pid}`, '-U', '-n', '--preserve-credentials', '--'],
    ...command,
  ];
  const run = (command: readonly string[]): Finished =>
    spawnSync('nsenter', inside(command), { encoding: 'utf8' });
  const ip = (...args: readonly string[]) =>
    execFileSync('nsenter', inside(['ip', ...args]), { encoding: 'utf8' });
  const startWith: Namespace['startWith'] = (wrapper, ...args) => {
    const command = [...wrapper, process.execPath, mainFile, ...args];
    const started = startProcess('nsenter', inside(command));
    running.push(started);
    return started;
  };
  return {
    pid,
    ip,
    ipJson: (...args) => JSON.parse(ip('-j', ...args)),
    run,
    lw: (args, wrapper = []) => run([...wrapper, process.execPath, mainFile, ...args]),
    start: (...args) => startWith([], ...args),
    startWith,
    beside: () => hold(['nsenter', ...inside(['unshare', '-n', ...holder])]),
    close() {
      for (const { child: started } of running) started.kill('SIGKILL');
      child.stdin?.end();
    },
  };
}

function probe(): string | undefined {
  if (process.platform !== 'linux') return 'netlink needs Linux';
  if (!existsSync(mainFile)) return 'dist/main.js is missing: npm run build';
  if (spawnSync('ip', ['-V']).status !== 0) return 'the program ip is missing';
  if (spawnSync('nsenter', ['-V']).status !== 0) return 'the program nsenter is missing';
  const made = spawnSync('unshare', ['-rn', 'ip', 'link', 'add', 'probe', 'type', 'veth']);
  if (made.error !== undefined) return 'the program unshare is missing';
  return made.status === 0 ? undefined : 'no veth in a user and network namespace of our own';
}
