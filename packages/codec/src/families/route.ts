import type { Family } from '../schema/family.js';
import { rtAddr } from './rt-addr.js';
import { rtLink } from './rt-link.js';
import { rtNeigh } from './rt-neigh.js';
import { rtRoute } from './rt-route.js';
import { rtRule } from './rt-rule.js';

/** The families of NETLINK_ROUTE; their message types do not overlap. */
export const routeFamilies: readonly Family<unknown>[] = [rtLink, rtAddr, rtRoute, rtNeigh, rtRule];
