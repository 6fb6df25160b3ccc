import { describeEvent, escapeText, type LinkState, type WatchEvent } from '@lw/watch';
import { cutToWidth } from './cell-width.js';
import { addressText, kindText, stateText } from './link-words.js';
import { type Color, type Paint, stateColor } from './paint.js';

export interface LineOptions {
  readonly paint: Paint;
  /** Cells of the terminal; undefined: in full. */
  readonly width: number | undefined;
}

/** An event as a line with its local time; '' for what the first look says twice. */
export function eventLine(event: WatchEvent, { paint, width }: LineOptions): string {
  const text = eventText(event);
  if (text === undefined) return '';
  const time = localTime(event.time);
  const shown = width === undefined ? text : cutToWidth(text, width - time.length - 1);
  return `${paint('dim', time)} ${paint(eventColor(event), shown)}\n`;
}

/** HH:MM:SS.mmm */
function localTime(ms: number): string {
  const date = new Date(ms);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()];
  const [hours, minutes, seconds] = clock.map((part) => `${part}`.padStart(2, '0'));
  return `${hours}:${minutes}:${seconds}.${`${date.getMilliseconds()}`.padStart(3, '0')}`;
}

/** At the first look a link's line holds its addresses, and nobody has waited for its beginning. */
function eventText(event: WatchEvent): string | undefined {
  if (!('reason' in event) || event.reason !== 'initial') return describeEvent(event);
  if (event.kind === 'link-added') return presentLink(event.link);
  return event.kind === 'sync-ended' ? describeEvent(event) : undefined;
}

function presentLink(link: LinkState): string {
  const { ifname, ifindex, level, mtu, addresses } = link;
  const facts = [
    stateText(link),
    level,
    kindText(link),
    ...(mtu === undefined ? [] : [`mtu ${mtu}`]),
    ...addresses.map(addressText),
  ];
  return `${escapeText(ifname)} (${ifindex}): ${facts.join(', ')}`;
}

function eventColor(event: WatchEvent): Color | undefined {
  switch (event.kind) {
    case 'overrun':
    case 'link-flapped':
      return 'yellow';
    case 'sync-started':
    case 'sync-ended':
      return 'dim';
    case 'link-added':
    case 'link-up':
    case 'link-down':
      return stateColor(event.to);
    case 'link-removed':
    case 'link-moved':
      return 'red';
    case 'link-changed':
      return event.from === event.to ? undefined : stateColor(event.to);
    case 'link-renamed':
    case 'address-added':
    case 'address-changed':
    case 'address-removed':
      return undefined;
    default:
      return assertNever(event);
  }
}

function assertNever(event: never): never {
  throw new Error(`unknown event ${JSON.stringify(event)}`);
}
