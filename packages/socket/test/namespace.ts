import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Why tests in a network namespace of their own cannot run here; undefined when they can. */
export const namespaceMissing: string | undefined = probe();

/** The same for tests whose script needs `program` too. */
export function missingFor(program: string): string | undefined {
  if (namespaceMissing !== undefined) return namespaceMissing;
  const found = spawnSync(program, ['--version']).error === undefined;
  return found ? undefined : `the program ${program} is missing`;
}

/** The same for tests in a second user namespace, without capabilities. */
export function unprivilegedMissing(): string | undefined {
  if (namespaceMissing !== undefined) return namespaceMissing;
  const nested = spawnSync('unshare', ['-rn', 'unshare', '-r', 'true']);
  return nested.status === 0 ? undefined : 'user namespaces do not nest here';
}

/** Title of a test, with the reason in it when it is skipped. */
export function titleOf(fact: string, missing: string | undefined): string {
  return missing === undefined ? fact : `${fact} [skipped: ${missing}]`;
}

export interface ScriptResult {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  /** The JSON objects that the script printed, one a line. */
  readonly lines: readonly Record<string, unknown>[];
}

export interface ScriptOptions {
  readonly args?: readonly string[];
  /** Without capabilities over its network namespace. Default false: root of its own one. */
  readonly unprivileged?: boolean;
}

/** Runs test/scripts/`name` with node. Scripts print one JSON object a line. */
export async function runScript(name: string, options: ScriptOptions = {}): Promise<ScriptResult> {
  const script = fileURLToPath(new URL(`scripts/${name}`, import.meta.url));
  const command = [process.execPath, script, ...(options.args ?? [])];
  // A second user namespace inside does not own the network namespace: no capability counts there.
  const inner = options.unprivileged === true ? ['unshare', '-r', ...command] : command;
  const argv = ['unshare', '-rn', ...inner];
  const child = spawn(argv[0] as string, argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve({ status, signal, stderr, lines: parseLines(stdout) });
    });
  });
}

function parseLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

function probe(): string | undefined {
  if (process.platform !== 'linux') return 'netlink needs Linux';
  if (spawnSync('ip', ['-V']).status !== 0) return 'the program ip is missing';
  const made = spawnSync('unshare', ['-rn', 'ip', 'link', 'add', 'probe', 'type', 'veth']);
  if (made.error !== undefined) return 'the program unshare is missing';
  return made.status === 0 ? undefined : 'no veth in a user and network namespace of our own';
}
