import type { Clock } from '@lw/watch';
import type { KernelSource, SourceOptions } from './kernel-source.js';

/** Where text goes. */
export interface Output {
  readonly isTTY: boolean;
  /** Width of the terminal in cells; undefined where there is none. */
  readonly columns: number | undefined;
  /** Resolves when the text was taken. Rejects with the system's error, 'EPIPE' when the reader left. */
  write(text: string): Promise<void>;
}

/** Where bytes come from. */
export interface Input extends AsyncIterable<Uint8Array> {
  readonly isTTY: boolean;
}

/** All of the outside that a command may touch. Tests give their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by SIGINT, SIGTERM or SIGHUP; the reason is the signal's name. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** A name for this run, unlike that of any other. */
  readonly epoch: string;
  openFile(path: string): AsyncIterable<Uint8Array>;
  /** The links of the namespace that we run in. */
  openSource(options?: SourceOptions): Promise<KernelSource>;
}
