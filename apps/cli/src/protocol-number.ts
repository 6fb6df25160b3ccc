import {
  NETLINK_ARPD,
  NETLINK_DNRTMSG,
  NETLINK_FIREWALL,
  NETLINK_INET_DIAG,
  NETLINK_IP6_FW,
  NETLINK_ROUTE6,
  NETLINK_SKIP,
  NETLINK_TAPBASE,
  NETLINK_TCPDIAG,
  NETLINK_UNUSED,
  NETLINK_W1,
  protocolNames,
} from '@lw/codec';
import { unknownWord } from './suggestion-error.js';

/** Names that a number had once, or has besides: old captures and headers say them. */
const otherNames: readonly (readonly [string, number])[] = [
  ['unused', NETLINK_UNUSED],
  ['skip', NETLINK_SKIP],
  ['w1', NETLINK_W1],
  ['firewall', NETLINK_FIREWALL],
  ['inet-diag', NETLINK_INET_DIAG],
  ['tcpdiag', NETLINK_TCPDIAG],
  ['arpd', NETLINK_ARPD],
  ['route6', NETLINK_ROUTE6],
  ['ip6-fw', NETLINK_IP6_FW],
  ['dnrtmsg', NETLINK_DNRTMSG],
  ['tapbase', NETLINK_TAPBASE],
];

const numbers: ReadonlyMap<string, number> = new Map([
  ...otherNames,
  ...[...protocolNames].map(([number, name]) => [name, number] as const),
]);

/** #define MAX_LINKS 32, `<linux/netlink.h>`: the kernel's table of protocols has so many places. */
const maxLinks = 32;

/** A protocol by number or by name, in the spelling of the header as well. @throws CliError 'USAGE' */
export function protocolNumber(word: string): number {
  if (/^\d+$/.test(word) && Number(word) < maxLinks) return Number(word);
  const name = word
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/^netlink-/, '');
  const number = numbers.get(name);
  if (number !== undefined) return number;
  const known = [...protocolNames.values(), `0 to ${maxLinks - 1}`];
  throw unknownWord({ what: 'protocol', word, candidates: numbers.keys(), known });
}
