import type { Family } from '../schema/family.js';
import { rtAddr } from './rt-addr.js';
import { rtLink } from './rt-link.js';
import { rtMdb } from './rt-mdb.js';
import { rtNeigh } from './rt-neigh.js';
import { rtNetconf } from './rt-netconf.js';
import { rtNexthop } from './rt-nexthop.js';
import { rtNsid } from './rt-nsid.js';
import { rtRoute } from './rt-route.js';
import { rtRule } from './rt-rule.js';
import { tc } from './tc.js';

/** The families of NETLINK_ROUTE; their message types do not overlap. */
export const routeFamilies: readonly Family<unknown>[] = [
  rtLink,
  rtAddr,
  rtRoute,
  rtNeigh,
  rtRule,
  rtNexthop,
  rtNsid,
  rtNetconf,
  rtMdb,
  tc,
];
