import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** How long a test waits for output, in ms: a busy 2-core machine, never a measure. */
const patienceMs = 15_000;

/** A process whose output can be waited for. */
export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when the text holds this; rejects with what it held instead. */
  readonly shows: (pattern: RegExp) => Promise<void>;
  /** Exit code, or the signal that ended it. */
  readonly exit: Promise<number | NodeJS.Signals>;
}

export function startProcess(command: string, args: readonly string[]): Running {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      text[stream] += chunk;
      for (const watcher of watchers) watcher();
    });
  }
  const exit = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal as NodeJS.Signals)));
  });
  const shows = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const settle = (how: () => void) => {
        clearTimeout(timer);
        watchers.delete(look);
        how();
      };
      const fail = () =>
        settle(() => reject(new Error(`no ${pattern} in:\n${text.stdout}${text.stderr}`)));
      const look = () => {
        if (pattern.test(text.stdout) || pattern.test(text.stderr)) settle(resolve);
      };
      const timer = setTimeout(fail, patienceMs);
      watchers.add(look);
      exit.then(fail, fail);
      look();
    });
  return { child, exit, shows, stdout: () => text.stdout, stderr: () => text.stderr };
}
