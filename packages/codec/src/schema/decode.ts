import { DecodeError } from '../errors.js';
import { NLM_F_REQUEST } from '../netlink/flags.js';
import type { NetlinkMessage } from '../netlink/split.js';
import type { Endian } from '../wire/endian.js';
import { NLMSG_HDRLEN } from '../wire/nlmsg.js';
import {
  type Context,
  type DecodedRecord,
  fail,
  maxProblems,
  type Source,
  sourceOf,
  type UnknownAttribute,
} from './context.js';
import { type DecodePlan, type Family, GENL_HDRLEN, type Operation } from './family.js';
import { pathAt } from './path.js';

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

/** Where a message stands in a source. */
export interface MessagePlace {
  readonly at: number;
  readonly end: number;
  readonly little: boolean;
}

/** The operation that a message belongs to, or undefined. Nothing behind its end is looked at. */
export function operationAt(
  families: Families,
  { bytes, view }: Source,
  { at, end, little }: MessagePlace,
): Operation | undefined {
  const type = view.getUint16(at + 4, little);
  const request = (view.getUint16(at + 6, little) & NLM_F_REQUEST) !== 0;
  const payload = at + NLMSG_HDRLEN;
  for (const family of Array.isArray(families) ? families : [families as Family<unknown>]) {
    const { generic } = family;
    // A generic netlink message that ends before its command has none.
    const command = generic ? (payload < end ? (bytes[payload] as number) : -1) : type;
    const headerAt = generic ? payload + GENL_HDRLEN : payload;
    const found = family.received(command, { view, headerAt, end, request });
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
  const operation = operationAt(families, source, { at, end, little });
  const base = options.base ?? 0;
  if (operation === undefined) throw unknownMessage(source, at, little, base);
  const plan = operation.plan(little);
  const { bytes, view } = source;
  const { problems } = options;
  const known = problems?.length ?? 0;
  const context: Context = {
    bytes,
    view,
    little,
    engine: plan.engine,
    base,
    problems,
    problemLimit: known + maxProblems,
  };
  try {
    const message = decodeBody(context, operation.name, plan, at, end);
    if (problems !== undefined && problems.length > known)
      addPaths(context, operation, known, at, end);
    return message;
  } catch (error) {
    throw error instanceof DecodeError ? withPath(error, context, operation, at, end) : error;
  }
}

function decodeBody(
  context: Context,
  op: string,
  plan: DecodePlan,
  at: number,
  end: number,
): DecodedMessage {
  const headerAt = at + plan.headerOffset;
  if (headerAt > end) fail(context, 'HEADER_LENGTH', at, 'the generic netlink header is cut');
  const header = headerRecord(context, plan, Math.min(headerAt, end), end);
  const attrs = attrsRecord(context, plan, at + plan.attrsOffset, end);
  const unknown = attrs.unknown as UnknownAttribute[] | undefined;
  if (unknown === undefined) return { op, header, attrs };
  attrs.unknown = undefined;
  return { op, header, attrs, unknown };
}

/** Old tools send one byte of header where strict checking is off: members that are missing are absent. */
function headerRecord(
  context: Context,
  plan: DecodePlan,
  start: number,
  end: number,
): DecodedRecord {
  if (plan.header === undefined) return {};
  return plan.header.call(context, start, Math.min(end, start + plan.headerSize));
}

/** A message without attributes gives the same shape as one with some. */
function attrsRecord(
  context: Context,
  plan: DecodePlan,
  start: number,
  end: number,
): DecodedRecord {
  if (plan.attrs === undefined) return {};
  return plan.attrs.call(context, Math.min(start, end), end, 0, undefined);
}

function unknownMessage({ view }: Source, at: number, little: boolean, base: number): DecodeError {
  const type = view.getUint16(at + 4, little);
  const reason = `no family here knows message type ${type}`;
  return new DecodeError('UNKNOWN_MESSAGE', base + at, '', reason);
}

/** Names the attributes of the faults from index `known` on: those of this message. */
function addPaths(
  context: Context,
  operation: Operation,
  known: number,
  at: number,
  end: number,
): void {
  const problems = context.problems as DecodeError[];
  for (let index = known; index < problems.length; index++) {
    problems[index] = withPath(problems[index] as DecodeError, context, operation, at, end);
  }
}

function withPath(
  error: DecodeError,
  context: Context,
  operation: Operation,
  at: number,
  end: number,
): DecodeError {
  const { set } = operation.model;
  if (set === undefined || error.path !== '') return error;
  const path = pathAt(context, {
    set,
    start: at + operation.plan(context.little).attrsOffset,
    end,
    offset: error.offset - context.base,
    little: context.little,
  });
  return path === '' ? error : error.at(path);
}
