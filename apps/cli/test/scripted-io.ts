import { runCli } from '../src/cli.js';
import type { Io, Output } from '../src/io.js';
import { type Script, type ScriptedSource, scriptedSource } from './scripted-source.js';

export interface ScriptedRun {
  /** Exit code, known when the command ended. */
  readonly exit: Promise<number>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** What SIGINT, SIGTERM … do. */
  readonly interrupt: (signal: string) => void;
  /** The source that the command opened. */
  readonly source: () => ScriptedSource | undefined;
  /** Resolves when stdout holds this. */
  readonly shows: (text: string) => Promise<void>;
}

export interface Scene {
  /** Width of the terminal on stdout; absent: a pipe. */
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | AsyncIterable<Uint8Array>;
  readonly files?: Readonly<Record<string, string | Error>>;
  readonly kernel?: Script;
  /** Thrown by writes to stdout. */
  readonly writeFailure?: Error;
}

/** Runs `lw` with everything outside of it made up. */
export function run(argv: readonly string[], scene: Scene = {}): ScriptedRun {
  const controller = new AbortController();
  let stdout = '';
  let stderr = '';
  let source: ScriptedSource | undefined;
  let onWrite: () => void = () => {};
  const io: Io = {
    stdout: output(scene.columns, async (text) => {
      if (scene.writeFailure !== undefined) throw scene.writeFailure;
      stdout += text;
      onWrite();
    }),
    stderr: output(undefined, async (text) => {
      stderr += text;
    }),
    stdin: Object.assign(bytes(scene.stdin ?? ''), { isTTY: false }),
    env: scene.env ?? {},
    signal: controller.signal,
    clock: { now: () => 1_700_000_000_123, monotonicNs: () => 5n, setTimer: () => () => {} },
    epoch: 'e',
    openFile: (path) => bytes(fileText(path, scene.files)),
    openSource: async (options) => {
      source = scriptedSource(scene.kernel ?? { links: [] }, options);
      return source;
    },
  };
  return {
    exit: runCli(argv, io),
    stdout: () => stdout,
    stderr: () => stderr,
    interrupt: (signal) => controller.abort(signal),
    source: () => source,
    shows: (text) =>
      new Promise((resolve) => {
        onWrite = () => {
          if (stdout.includes(text)) resolve();
        };
        onWrite();
      }),
  };
}

/** Runs a command that ends by itself. */
export async function finish(
  argv: readonly string[],
  scene: Scene = {},
): Promise<{ readonly exit: number; readonly stdout: string; readonly stderr: string }> {
  const started = run(argv, scene);
  return { exit: await started.exit, stdout: started.stdout(), stderr: started.stderr() };
}

function output(columns: number | undefined, write: (text: string) => Promise<void>): Output {
  return { isTTY: columns !== undefined, columns, write };
}

function fileText(path: string, files: Scene['files']): string | Error {
  const text = files?.[path];
  if (text !== undefined) return text;
  const words = `ENOENT: no such file or directory, open '${path}'`;
  return Object.assign(new Error(words), { code: 'ENOENT' });
}

async function* bytes(
  given: string | Error | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (given instanceof Error) throw given;
  if (typeof given === 'string') yield Buffer.from(given);
  else yield* given;
}
