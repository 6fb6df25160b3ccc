import { type DecodedMessage, RTEXT_FILTER_SKIP_STATS } from '@lw/codec';
import { rtAddr } from '@lw/codec/families/rt-addr';
import { rtLink } from '@lw/codec/families/rt-link';
import type { LinkState } from './link.js';
import type { LinkSource } from './source.js';
import { initialState, snapshotOf, step } from './step.js';

/** Rows of links, then of addresses, as the kernel has them now. */
export interface TableRows {
  readonly rows: readonly DecodedMessage[];
  /** The tables changed while they were read (K20). */
  readonly interrupted: boolean;
}

/** Reads links and addresses. Statistics are left out: they are a third of the bytes and no state (K35). */
export async function readTables(source: LinkSource): Promise<TableRows> {
  const attrs = { extMask: RTEXT_FILTER_SKIP_STATS };
  const links = await source.dump(rtLink.ops.getlink, { attrs }).collect();
  const addresses = await source.dump(rtAddr.ops.getaddr).collect();
  return {
    rows: [...links.messages, ...addresses.messages],
    interrupted: links.interrupted || addresses.interrupted,
  };
}

/** One look at all links, without watching; by index. */
export async function readLinks(
  source: LinkSource,
): Promise<{ readonly links: readonly LinkState[]; readonly interrupted: boolean }> {
  const { rows, interrupted } = await readTables(source);
  const state = initialState('');
  const at = { time: 0, monotonicNs: 0n };
  step(state, { kind: 'start' }, at);
  step(state, { kind: 'mark', token: state.token }, at);
  for (const message of rows) step(state, { kind: 'dump-part', token: state.token, message }, at);
  step(state, { kind: 'dump-end', token: state.token, interrupted }, at);
  step(state, { kind: 'mark', token: state.token }, at);
  return { links: snapshotOf(state), interrupted };
}
