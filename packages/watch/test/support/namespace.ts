import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LinkState, WatchEvent, WatchStats } from '@lw/watch';

const scripts = join(import.meta.dirname, '../scripts');

/** Why tests on the real kernel cannot run here; undefined when they can. */
export const namespaceMissing: string | undefined = probe();

/** Why a tap device cannot be made here. */
export function tapMissing(): string | undefined {
  if (namespaceMissing !== undefined) return namespaceMissing;
  if (!existsSync('/dev/net/tun')) return 'no /dev/net/tun';
  return spawnSync('python3', ['--version']).error === undefined
    ? undefined
    : 'the program python3 is missing';
}

/** Title of a test, with the reason in it when it is skipped. */
export function titleOf(fact: string, missing: string | undefined): string {
  return missing === undefined ? fact : `${fact} [skipped: ${missing}]`;
}

export interface Watched {
  readonly events: readonly WatchEvent[];
  readonly snapshot: readonly LinkState[];
  /** What `ip -j -d addr` says at the end. */
  readonly links: readonly IpLink[];
  readonly stats: WatchStats;
}

export interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly mtu: number;
  readonly flags: readonly string[];
  readonly operstate: string;
  readonly address: string;
  readonly master?: string;
  readonly addr_info: readonly {
    readonly local: string;
    readonly prefixlen: number;
    readonly tentative?: boolean;
  }[];
}

export const tapFlaps: string = `python3 ${join(scripts, 'tap-flaps.py')}`;

/** Watches in a namespace of its own while the commands run. */
export async function watchWhile(
  commands: readonly string[],
  options: readonly string[] = [],
): Promise<Watched> {
  const argv = ['-rn', process.execPath, join(scripts, 'watch.mjs'), ...options, ...commands];
  const child = spawn('unshare', argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  if (status !== 0) throw new Error(`watch.mjs ended with ${status}: ${errors}`);
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const end = lines.at(-1);
  return { ...end, events: lines.slice(0, -1).map(({ event }) => event) };
}

function probe(): string | undefined {
  if (process.platform !== 'linux') return 'netlink needs Linux';
  if (spawnSync('ip', ['-V']).error !== undefined) return 'the program ip is missing';
  const made = spawnSync('unshare', ['-rn', 'ip', 'link', 'add', 'probe', 'type', 'veth']);
  if (made.error !== undefined) return 'the program unshare is missing';
  return made.status === 0 ? undefined : 'no veth in a user and network namespace of our own';
}
