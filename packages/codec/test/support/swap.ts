import type { NetlinkMessage, Operation } from '@lw/codec';
import type { StructModel, Value } from '../../src/schema/model.ts';
import { bodyOf, type Node, treeOf } from './tree.ts';

/** The message as a big-endian machine would have sent it: every host-order number turned round in place. */
export function byteSwapped(operation: Operation, message: NetlinkMessage): Uint8Array {
  const bytes = message.bytes.slice();
  const tree = treeOf(operation, message);
  for (const node of tree) swapNode(bytes, node);
  const { headerAt } = bodyOf(operation);
  if (operation.model.header !== undefined) {
    swapStruct(bytes, operation.model.header, headerAt, message.length);
  }
  if (operation.family.generic) reverse(bytes, 18, 2);
  for (const [at, size] of [
    [0, 4],
    [4, 2],
    [6, 2],
    [8, 4],
    [12, 4],
  ] as const)
    reverse(bytes, at, size);
  return bytes;
}

function reverse(bytes: Uint8Array, at: number, size: number): void {
  bytes.subarray(at, at + size).reverse();
}

function swapNode(bytes: Uint8Array, { at, end, value, structs, children }: Node): void {
  for (const child of children ?? []) swapNode(bytes, child);
  for (const { at: start, end: stop, struct } of structs) swapStruct(bytes, struct, start, stop);
  if (value !== undefined && children === undefined) swapPayload(bytes, value, at + 4, end);
  reverse(bytes, at, 2);
  reverse(bytes, at + 2, 2);
}

function swapPayload(bytes: Uint8Array, value: Value, start: number, end: number): void {
  if (value.kind === 'integer' && value.order === 'host') reverse(bytes, start, value.size);
  if (value.kind === 'varint') reverse(bytes, start, end - start);
  if (value.kind === 'array' && value.item.order === 'host') {
    for (let at = start; at < end; at += value.item.size) reverse(bytes, at, value.item.size);
  }
  if (value.kind === 'bitfield32') {
    reverse(bytes, start, 4);
    reverse(bytes, start + 4, 4);
  }
}

function swapStruct(bytes: Uint8Array, struct: StructModel, at: number, end: number): void {
  for (const member of struct.members) {
    const start = at + member.offset;
    if (start + member.size > end) return;
    if (member.value.kind === 'struct') swapStruct(bytes, member.value.struct, start, end);
    else if (member.value.kind === 'integer' && member.value.order === 'host') {
      reverse(bytes, start, member.size);
    }
  }
  const { rest } = struct;
  if (rest === undefined) return;
  for (let start = at + struct.size; start + rest.size <= end; start += rest.size) {
    if (rest.value.kind === 'struct')
      swapStruct(bytes, rest.value.struct, start, start + rest.size);
    else reverse(bytes, start, rest.size);
  }
}
