import { type NetlinkMessage, type Operation, readHex } from '@lw/codec';
import { bodyOf, type Node, treeOf } from './tree.ts';

/** A message without what encoding may change: attribute order, NLA_F_* bits, padding attributes. */
export interface Canonical {
  readonly header: string;
  readonly attrs: readonly string[];
}

export function canonical(operation: Operation, message: NetlinkMessage): Canonical {
  const { attrsAt } = bodyOf(operation);
  return {
    header: readHex(message.bytes, 4, attrsAt),
    attrs: nodes(message.bytes, treeOf(operation, message)),
  };
}

function nodes(bytes: Uint8Array, children: readonly Node[]): string[] {
  return children
    .filter(({ value }) => value?.kind !== 'pad')
    .map((node) => `${node.type}:${payload(bytes, node)}`)
    .sort();
}

function payload(bytes: Uint8Array, { at, end, structs, children }: Node): string {
  if (children === undefined) return readHex(bytes, at + 4, end);
  const header = structs.map(({ at: start, struct }) => readHex(bytes, start, start + struct.size));
  return `{${[...header, ...nodes(bytes, children)].join(' ')}}`;
}
