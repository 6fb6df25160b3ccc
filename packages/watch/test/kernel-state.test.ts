import { kernelState, type LinkState, levelOf } from '@lw/watch';
import { describe, expect, it } from 'vitest';
import { lowerUp, up, upFlags } from './support/messages.ts';

describe('the kernel state of a link', () => {
  it.each([
    ['admin-down without IFF_UP, whatever the operational state', 0, 6, 'admin-down', false],
    ['up', upFlags, 6, 'up', false],
    ['down', up, 2, 'down', false],
    ['lower-layer-down', up, 3, 'lower-layer-down', false],
    ['testing', up, 4, 'testing', false],
    ['dormant', upFlags, 5, 'dormant', false],
    ['not-present', up, 1, 'not-present', false],
    [
      'assumed up where unknown, with a carrier (K8: lo, tun, wireguard)',
      up | lowerUp,
      0,
      'up',
      true,
    ],
    ['assumed down where unknown, without a carrier', up, 0, 'down', true],
    ['assumed where the kernel says a state that nobody knows', up | lowerUp, 99, 'up', true],
  ] as const)('is %s', (_, flags, operstate, kernel, assumed) => {
    expect(kernelState(flags, operstate)).toEqual({ kernel, assumed });
  });
});

describe('the level of a link', () => {
  const address = (scope: string, flags = 0x80) =>
    ({ scope, flags }) as LinkState['addresses'][number];
  it.each([
    ['none while it is not up, whatever its addresses', 'down', [address('global')], 'none'],
    ['carrier without addresses', 'up', [], 'carrier'],
    ['addressed with a link-local address', 'up', [address('link')], 'addressed'],
    ['addressed with a host address', 'up', [address('host')], 'addressed'],
    ['routable with a global one', 'up', [address('link'), address('global')], 'routable'],
    ['routable with a site one', 'up', [address('site')], 'routable'],
    ['carrier while the address is tentative (K16)', 'up', [address('global', 0x40)], 'carrier'],
    [
      'routable when a tentative address is optimistic',
      'up',
      [address('global', 0x44)],
      'routable',
    ],
    ['carrier when duplicate detection failed', 'up', [address('global', 0x08)], 'carrier'],
  ] as const)('is %s', (_, kernel, addresses, level) => {
    expect(levelOf(kernel, addresses)).toBe(level);
  });
});
