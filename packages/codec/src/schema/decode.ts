import { DecodeError } from '../errors.js';
import { NLM_F_REQUEST } from '../netlink/flags.js';
import type { NetlinkMessage } from '../netlink/split.js';
import type { Endian } from '../wire/endian.js';
import { NLMSG_HDRLEN, nlmsgAlign } from '../wire/nlmsg.js';
import {
  type Context,
  type DecodedRecord,
  fail,
  makeContext,
  type Source,
  sourceOf,
  type UnknownAttribute,
} from './context.js';
import type { Family, Operation } from './family.js';
import { interpreted } from './interpret.js';
import type { StructModel } from './model.js';
import { pathAt } from './path.js';

/** struct genlmsghdr { __u8 cmd; __u8 version; __u16 reserved; } */
export const GENL_HDRLEN = 4;

/** A message as plain data. Header and attributes stay apart: a rule's header `table` is not its attribute. */
export interface DecodedMessage<H = DecodedRecord, A = DecodedRecord> {
  /** YNL name of the operation. */
  readonly op: string;
  /** Members of the fixed header; {} where the family has none. */
  readonly header: H;
  readonly attrs: A;
  /** Attributes that the tables do not know, raw. */
  readonly unknown?: readonly UnknownAttribute[];
}

export interface DecodeOptions {
  readonly endian?: Endian;
  /**
   * Given: what cannot be read is kept raw in `unknown`, reported here, and decoding goes on.
   * Absent: the first fault is thrown.
   */
  readonly problems?: DecodeError[];
}

/** Families that answer for the message types of one protocol, or one family. */
export type Families = Family<unknown> | readonly Family<unknown>[];

/**
 * Decodes a message with the family, or the first of the families, that knows its type.
 * Offsets in errors count from the start of the datagram.
 *
 * @throws DecodeError; 'UNKNOWN_MESSAGE' even when `problems` are collected.
 */
export function decodeMessage(
  families: Families,
  message: NetlinkMessage,
  options: DecodeOptions = {},
): DecodedMessage {
  const source = sourceOf(message.bytes);
  return decodeAt(families, source, 0, message.length, { ...options, base: message.offset });
}

/** The operation that a message at `at` belongs to, or undefined. */
export function operationAt(
  families: Families,
  { bytes, view }: Source,
  at: number,
  little: boolean,
): Operation | undefined {
  const type = view.getUint16(at + 4, little);
  const request = (view.getUint16(at + 6, little) & NLM_F_REQUEST) !== 0;
  const payload = at + NLMSG_HDRLEN;
  for (const family of Array.isArray(families) ? families : [families as Family<unknown>]) {
    const command = family.generic
      ? payload < bytes.length
        ? (bytes[payload] as number)
        : -1
      : type;
    const headerAt = family.generic ? payload + GENL_HDRLEN : payload;
    const found = family.received(command, view, headerAt, request);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `decodeMessage` in place, for messages in a slab: nothing but the values is allocated. */
export function decodeAt(
  families: Families,
  source: Source,
  at: number,
  end: number,
  options: DecodeOptions & { readonly base?: number } = {},
): DecodedMessage {
  const little = options.endian !== 'big';
  const operation = operationAt(families, source, at, little);
  if (operation === undefined) throw unknownMessage(source, at, little, options.base ?? 0);
  const context = makeContext(source, {
    ...options,
    engine: operation.family.engine(little),
  });
  try {
    return decodeBody(context, operation, at, end);
  } catch (error) {
    throw error instanceof DecodeError ? withPath(error, context, operation, at, end) : error;
  } finally {
    if (context.problems !== undefined) addPaths(context, operation, at, end);
  }
}

function decodeBody(
  context: Context,
  operation: Operation,
  at: number,
  end: number,
): DecodedMessage {
  const { header: struct, set } = operation.model;
  const headerAt = bodyStart(operation, at);
  if (operation.family.generic && headerAt > end) {
    fail(context, 'HEADER_LENGTH', at, 'the generic netlink header is cut');
  }
  const attrsAt = headerAt + nlmsgAlign(struct?.size ?? 0);
  // Old tools send one byte of header where strict checking is off: members that are missing are absent.
  const header = struct
    ? headerRecord(context, operation, headerAt, Math.min(end, headerAt + struct.size))
    : {};
  const attrs =
    set === undefined || attrsAt >= end
      ? emptyAttrs(context, operation)
      : context.engine.set(context, set, attrsAt, end, 0, undefined);
  const unknown = attrs.unknown as UnknownAttribute[] | undefined;
  if (unknown === undefined) return { op: operation.name, header, attrs };
  attrs.unknown = undefined;
  return { op: operation.name, header, attrs, unknown };
}

function bodyStart(operation: Operation, at: number): number {
  return at + NLMSG_HDRLEN + (operation.family.generic ? GENL_HDRLEN : 0);
}

function headerRecord(
  context: Context,
  operation: Operation,
  start: number,
  end: number,
): DecodedRecord {
  const struct = operation.model.header;
  return context.engine.struct(context, struct as StructModel, Math.min(start, end), end);
}

/** A message without attributes gives the same shape as one with some. */
function emptyAttrs(context: Context, operation: Operation): DecodedRecord {
  const { set } = operation.model;
  return set === undefined ? {} : context.engine.set(context, set, 0, 0, 0, undefined);
}

function unknownMessage({ view }: Source, at: number, little: boolean, base: number): DecodeError {
  const type = view.getUint16(at + 4, little);
  return new DecodeError(
    'UNKNOWN_MESSAGE',
    base + at,
    '',
    `no family here knows message type ${type}`,
  );
}

function addPaths(context: Context, operation: Operation, at: number, end: number): void {
  const problems = context.problems as DecodeError[];
  for (const [index, problem] of problems.entries()) {
    if (problem.path === '') problems[index] = withPath(problem, context, operation, at, end);
  }
}

function withPath(
  error: DecodeError,
  context: Context,
  operation: Operation,
  at: number,
  end: number,
): DecodeError {
  const { set, header } = operation.model;
  if (set === undefined || error.path !== '') return error;
  const path = pathAt(context, {
    set,
    start: bodyStart(operation, at) + nlmsgAlign(header?.size ?? 0),
    end,
    offset: error.offset - context.base,
    little: context.little,
  });
  return path === '' ? error : error.at(path);
}

/** The same with the reference engine; for tests and for places where nothing may be compiled. */
export function decodeInterpreted(
  operation: Operation,
  message: NetlinkMessage,
  options: DecodeOptions = {},
): DecodedMessage {
  const context = makeContext(sourceOf(message.bytes), { ...options, engine: interpreted });
  return decodeBody(context, operation, 0, message.length);
}
