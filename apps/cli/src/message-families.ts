import {
  type Family,
  NETLINK_GENERIC,
  NETLINK_ROUTE,
  type NetlinkMessage,
  protocolNames,
} from '@lw/codec';
import { usageError } from './cli-error.js';
import { protocolNumber } from './protocol-number.js';
import { unknownWord } from './suggestion-error.js';

type AnyFamily = Family<unknown>;

/** Families that may answer for a message. */
export type FamiliesOf = (message: NetlinkMessage) => readonly AnyFamily[];

/** What `--protocol` and `--spec` say, as families by message. @throws CliError 'USAGE' */
export async function chooseFamilies(asked: {
  readonly protocol: string | undefined;
  readonly spec: string | undefined;
}): Promise<FamiliesOf> {
  const protocol = asked.protocol === undefined ? undefined : protocolNumber(asked.protocol);
  if (asked.spec === undefined) return familiesOfProtocol(protocol ?? NETLINK_ROUTE);
  const family = await familyNamed(asked.spec);
  if (protocol !== undefined && protocol !== family.protocol) {
    const its = protocolNames.get(family.protocol);
    throw usageError(
      `family ${family.name} belongs to protocol ${its}, not ${asked.protocol}`,
      `leave --protocol away, or use --protocol ${its}`,
    );
  }
  return () => [family];
}

/** Loads what the protocol needs: route starts no slower for the tables of all the others. */
async function familiesOfProtocol(protocol: number): Promise<FamiliesOf> {
  if (protocol === NETLINK_GENERIC) return controllerById();
  const families =
    protocol === NETLINK_ROUTE
      ? await routeFamilies()
      : (await allFamilies()).filter((family) => family.protocol === protocol);
  return () => families;
}

/** GENL_ID_CTRL: the one generic family whose id is fixed. */
const controllerId = 16;

async function controllerById(): Promise<FamiliesOf> {
  const { nlctrl } = await import('@lw/codec/families/nlctrl');
  return (message) => (subjectType(message) === controllerId ? [nlctrl] : []);
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

async function familyNamed(word: string): Promise<AnyFamily> {
  const wanted = spelled(word);
  const means = ({ name }: AnyFamily) => spelled(name) === wanted;
  const found = (await routeFamilies()).find(means) ?? (await allFamilies()).find(means);
  if (found !== undefined) return found;
  const candidates = (await allFamilies()).map(({ name }) => name);
  throw unknownWord({ what: 'family', word, candidates });
}

/** Names of the specs have dashes or underscores, without a rule that could be remembered. */
function spelled(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

async function routeFamilies(): Promise<readonly AnyFamily[]> {
  return (await import('@lw/codec/families/route')).routeFamilies;
}

async function allFamilies(): Promise<readonly AnyFamily[]> {
  return Object.values((await import('@lw/codec/families/all')).allFamilies);
}
