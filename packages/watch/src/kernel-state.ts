import {
  IF_OPER_DORMANT,
  IF_OPER_DOWN,
  IF_OPER_LOWERLAYERDOWN,
  IF_OPER_NOTPRESENT,
  IF_OPER_TESTING,
  IF_OPER_UNKNOWN,
  IF_OPER_UP,
  IFA_F_DADFAILED,
  IFA_F_OPTIMISTIC,
  IFA_F_TENTATIVE,
  IFF_DORMANT,
  IFF_LOWER_UP,
  IFF_UP,
} from '@lw/codec';
import type { AddressState, KernelState, LinkState } from './link.js';

const byOperstate: ReadonlyMap<number, KernelState> = new Map([
  [IF_OPER_NOTPRESENT, 'not-present'],
  [IF_OPER_DOWN, 'down'],
  [IF_OPER_LOWERLAYERDOWN, 'lower-layer-down'],
  [IF_OPER_TESTING, 'testing'],
  [IF_OPER_DORMANT, 'dormant'],
  [IF_OPER_UP, 'up'],
]);

/**
 * The kernel state of a link by its flags and its operational state (RFC 2863). A driver that never sets
 * one leaves `unknown` (lo, tun, wireguard, ppp): then the carrier decides, and the result is `assumed`.
 * Treating unknown as down is the classic fault (K8).
 */
export function kernelState(
  flags: number,
  operstate: number,
): { readonly kernel: KernelState; readonly assumed: boolean } {
  if ((flags & IFF_UP) === 0) return { kernel: 'admin-down', assumed: false };
  const known = byOperstate.get(operstate);
  if (operstate !== IF_OPER_UNKNOWN && known !== undefined)
    return { kernel: known, assumed: false };
  if ((flags & IFF_LOWER_UP) === 0) return { kernel: 'down', assumed: true };
  return { kernel: (flags & IFF_DORMANT) === 0 ? 'up' : 'dormant', assumed: true };
}

/** Whether an address can be used: it has passed duplicate detection, or may be used during it (K16). */
export function isUsable({ flags }: AddressState): boolean {
  if ((flags & IFA_F_DADFAILED) !== 0) return false;
  return (flags & IFA_F_TENTATIVE) === 0 || (flags & IFA_F_OPTIMISTIC) !== 0;
}

/** How far a link is usable. Addresses of a link that is not up do not count. */
export function levelOf(
  kernel: KernelState,
  addresses: readonly AddressState[],
): LinkState['level'] {
  if (kernel !== 'up') return 'none';
  const usable = addresses.filter(isUsable);
  if (usable.some(({ scope }) => scope === 'global' || scope === 'site')) return 'routable';
  return usable.length > 0 ? 'addressed' : 'carrier';
}
