import type { DecodedMessage } from '@lw/codec';
import type { Detail } from './link-details.js';

/** struct rtnl_link_stats64, by the names of the link family's tables. */
export type Counters = Readonly<Record<string, bigint>>;

/** The counters in a link's full reply; empty for a device that keeps none. */
export function countersOf(reply: DecodedMessage): Counters {
  const stats = reply.attrs.stats64 as Readonly<Record<string, unknown>> | undefined;
  const counted = Object.entries(stats ?? {}).filter(
    (entry): entry is [string, bigint] => typeof entry[1] === 'bigint',
  );
  return Object.fromEntries(counted);
}

/** Shown always, and in this order; the rest only when it is not zero. */
const always = ['Bytes', 'Packets', 'Errors', 'Dropped'] as const;

export function counterDetails(counters: Counters): readonly Detail[] {
  if (Object.keys(counters).length === 0) return [];
  const shown = new Set(['rx', 'tx'].flatMap((way) => always.map((what) => way + what)));
  const rest = Object.entries(counters).filter(([name, count]) => !shown.has(name) && count !== 0n);
  return [
    ['received', direction(counters, 'rx')],
    ['sent', direction(counters, 'tx')],
    ...rest.map(([name, count]): Detail => ['counted', `${words(name)} ${count}`]),
  ];
}

function direction(counters: Counters, way: 'rx' | 'tx'): string {
  return always.map((what) => `${counters[way + what] ?? 0n} ${what.toLowerCase()}`).join(', ');
}

/** 'rxCrcErrors' as 'rx crc errors'. */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
