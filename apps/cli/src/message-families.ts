import { type Family, NETLINK_GENERIC, type NetlinkMessage, protocolNames } from '@lw/codec';
import { nlctrl } from '@lw/codec/families/nlctrl';
import { routeFamilies } from '@lw/codec/families/route';
import { usageError } from './cli-error.js';
import { closest } from './suggestion.js';

type AnyFamily = Family<unknown>;

/** Families that may answer for a message. */
export type FamiliesOf = (message: NetlinkMessage) => readonly AnyFamily[];

/** GENL_ID_CTRL: the one generic family whose id is fixed. */
const controllerId = 16;

const compiledIn: readonly AnyFamily[] = [...routeFamilies, nlctrl];

/** What `--protocol` and `--spec` say, as families by message. @throws CliError 'USAGE' */
export function chooseFamilies(asked: {
  readonly protocol: string | undefined;
  readonly spec: string | undefined;
}): FamiliesOf {
  const spec = asked.spec === undefined ? undefined : familyNamed(asked.spec);
  const protocol = protocolNumber(asked.protocol) ?? spec?.protocol ?? 0;
  if (spec !== undefined && spec.protocol !== protocol) {
    const its = protocolNames.get(spec.protocol);
    throw usageError(
      `family ${spec.name} belongs to protocol ${its}, not ${asked.protocol}`,
      `leave --protocol away, or use --protocol ${its}`,
    );
  }
  if (spec !== undefined) return () => [spec];
  if (protocol === NETLINK_GENERIC) {
    return (message) => (subjectType(message) === controllerId ? [nlctrl] : []);
  }
  const families = compiledIn.filter((family) => family.protocol === protocol);
  return () => families;
}

/**
 * The message type that tells the family: an acknowledgement's is that of the request inside.
 *
 * struct nlmsgerr { int error; struct nlmsghdr msg; … };  with msg.nlmsg_type at 16 + 4 + 4
 */
function subjectType({ type, bytes }: NetlinkMessage): number {
  const nlmsgError = 2;
  if (type !== nlmsgError || bytes.length < 36) return type;
  const [low = 0, high = 0] = bytes.subarray(24, 26);
  // Family ids are below 1024; 16 reads the same in either byte order of its two bytes.
  return low === 0 ? high : low | (high << 8);
}

function familyNamed(name: string): AnyFamily {
  const found = compiledIn.find((family) => family.name === name);
  if (found !== undefined) return found;
  const names = compiledIn.map((family) => family.name);
  throw unknownWord('family', name, names);
}

function protocolNumber(name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  for (const [number, known] of protocolNames) if (known === name) return number;
  throw unknownWord('protocol', name, [...protocolNames.values()]);
}

function unknownWord(what: string, word: string, known: readonly string[]): Error {
  const near = closest(word, known);
  return usageError(
    `there is no ${what} '${word}' here`,
    ...(near === undefined ? [] : [`did you mean ${near}?`]),
    `known: ${known.join(', ')}`,
  );
}
