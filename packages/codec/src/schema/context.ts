/** What a decoding call carries along, and what it does with bytes that do not fit. */
import { DecodeError, type DecodeErrorCode } from '../errors.js';
import type { Endian } from '../wire/endian.js';
import { NLA_HDRLEN, NLA_TYPE_MASK } from '../wire/nla.js';
import type { SetModel, StructModel } from './model.js';

/** Nests deeper than this are not entered. The kernel's specs nest at most 5 deep; hostile bytes, any. */
export const maxNestingDepth = 32;

/**
 * Faults collected in one message: each costs a walk to name its attribute, and hostile bytes hold thousands.
 * What is beyond it stays raw all the same.
 */
export const maxProblems = 64;

/** An attribute that the tables do not know, or whose payload does not fit them; encoded back untouched. */
export interface UnknownAttribute {
  /** Type number without its flag bits. */
  readonly type: number;
  /** The payload: a copy. */
  readonly bytes: Uint8Array;
  /** NLA_F_NESTED and NLA_F_NET_BYTEORDER as they were, when any was set. */
  readonly flags?: number;
}

/** A decoded attribute set, struct or sub-message. */
export type DecodedRecord = Record<string, unknown>;

/** The enclosing records, for selectors that look outside of their set. */
export interface Scope {
  readonly record: DecodedRecord;
  readonly outer: Scope | undefined;
}

export type SetFunction = (
  context: Context,
  start: number,
  end: number,
  depth: number,
  outer: Scope | undefined,
) => DecodedRecord;
export type StructFunction = (context: Context, start: number, end: number) => DecodedRecord;

/** A function that is called through this, so that it can be named before it is compiled. */
export interface Holder<F> {
  call: F;
}

/** How sets and structs are decoded: interpreted, or by functions compiled from the tables. */
export interface Engine {
  readonly name: 'compiled' | 'interpreted';
  set(set: SetModel): Holder<SetFunction>;
  struct(struct: StructModel): Holder<StructFunction>;
}

export interface Context {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly little: boolean;
  readonly engine: Engine;
  /** Added to offsets in errors: where `bytes` begins in what the caller handed in. */
  readonly base: number;
  /** Given: faults are collected here and decoding goes on. Absent: the first one is thrown. */
  readonly problems: DecodeError[] | undefined;
  /** Entries that the list may reach with this message. */
  readonly problemLimit: number;
}

export interface Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export function sourceOf(bytes: Uint8Array): Source {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

export interface ContextOptions {
  readonly endian?: Endian;
  readonly engine: Engine;
  readonly base?: number;
  readonly problems?: DecodeError[] | undefined;
}

export function makeContext(source: Source, options: ContextOptions): Context {
  return {
    bytes: source.bytes,
    view: source.view,
    little: options.endian !== 'big',
    engine: options.engine,
    base: options.base ?? 0,
    problems: options.problems,
    problemLimit: (options.problems?.length ?? 0) + maxProblems,
  };
}

/** Throws, or notes and goes on. The path is filled in by whoever knows the message (`pathAt`). */
export function fail(context: Context, code: DecodeErrorCode, at: number, reason: string): void {
  const error = new DecodeError(code, context.base + at, '', reason);
  if (context.problems === undefined) throw error;
  if (context.problems.length < context.problemLimit) context.problems.push(error);
}

/** Whether a nest may be entered at this depth; otherwise the fault is reported. */
export function enter(context: Context, at: number, depth: number): boolean {
  if (depth < maxNestingDepth) return true;
  fail(context, 'NESTING_DEPTH', at, `nests deeper than ${maxNestingDepth}`);
  return false;
}

/** An attribute whose length cannot be: nothing behind it can be read either. */
export function failLength(context: Context, at: number, end: number): void {
  const length = context.view.getUint16(at, context.little);
  fail(context, 'ATTRIBUTE_LENGTH', at, `nla_len is ${length}, ${end - at} bytes are left`);
}

/** Keeps the attribute at `at` raw. Returns the list, made at its first entry. */
export function keepRaw(
  context: Context,
  list: UnknownAttribute[] | undefined,
  at: number,
): UnknownAttribute[] {
  const length = context.view.getUint16(at, context.little);
  const type = context.view.getUint16(at + 2, context.little);
  const bytes = context.bytes.slice(at + NLA_HDRLEN, at + length);
  const flags = type & ~NLA_TYPE_MASK;
  const entry = { type: type & NLA_TYPE_MASK, bytes };
  const kept = list ?? [];
  kept.push(flags === 0 ? entry : { ...entry, flags });
  return kept;
}

/** A payload whose size is not its type's: reported, and kept raw when decoding goes on. */
export function misfit(
  context: Context,
  list: UnknownAttribute[] | undefined,
  at: number,
  expected: string,
): UnknownAttribute[] {
  const payload = context.view.getUint16(at, context.little) - NLA_HDRLEN;
  const verb = payload === 1 ? 'byte is' : 'bytes are';
  fail(context, 'VALUE_LENGTH', at, `${expected} wanted, ${payload} ${verb} there`);
  return keepRaw(context, list, at);
}
