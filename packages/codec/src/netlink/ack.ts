import { DecodeError } from '../errors.js';
import {
  type DecodedRecord,
  type Engine,
  makeContext,
  type Source,
  sourceOf,
  type UnknownAttribute,
} from '../schema/context.js';
import type { Operation } from '../schema/family.js';
import { interpreted } from '../schema/interpret.js';
import { linkFamily } from '../schema/link-family.js';
import type { SetModel } from '../schema/model.js';
import { pathAt } from '../schema/path.js';
import type { Endian } from '../wire/endian.js';
import { NLMSG_HDRLEN, nlmsgAlign } from '../wire/nlmsg.js';
import { NLMSG_DONE, NLMSG_ERROR } from './control.js';
import { errnoName, errnoText } from './errno.js';
import { NLM_F_ACK_TLVS, NLM_F_CAPPED } from './flags.js';
import { table as nlmsgerrTable } from './policy-table.js';
import type { NetlinkMessage } from './split.js';

/** Header of the request that an acknowledgement answers. */
export interface AckedRequest {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly seq: number;
  readonly portId: number;
  /** The whole request, where the kernel sent it back (no NLM_F_CAPPED). */
  readonly bytes?: Uint8Array;
}

/** What the kernel's policy wants of an attribute, `enum netlink_policy_type_attr`. */
export interface Policy {
  /** 'u32', 'nul-string', …; an unknown number stays one. */
  readonly type?: string | number;
  /** Limits of an integer, of whichever signedness it has. */
  readonly minValue?: bigint;
  readonly maxValue?: bigint;
  /** Bytes. */
  readonly minLength?: number;
  /** Bytes. */
  readonly maxLength?: number;
  readonly policyIdx?: number;
  readonly policyMaxtype?: number;
  readonly bitfield32Mask?: number;
  readonly mask?: bigint;
}

/** Extended acknowledgement, `enum nlmsgerr_attrs`. */
export interface ExtendedAck {
  readonly message?: string;
  /** Bytes from the start of the request to the attribute that is to blame. */
  readonly offset?: number;
  /** The request lacks an attribute: its type number, and the offset of the nest where it should stand. */
  readonly missing?: { readonly type: number; readonly nest?: number };
  readonly policy?: Policy;
  readonly cookie?: Uint8Array;
  readonly unknown?: readonly UnknownAttribute[];
}

/** NLMSG_ERROR, or the result that stands in NLMSG_DONE (K21). */
export interface Ack {
  /** 0 is success, else the positive error number. */
  readonly errno: number;
  /** 'EEXIST'; 'OK' for success. */
  readonly code: string;
  /** What strerror(3) says. */
  readonly text: string;
  /** Absent in NLMSG_DONE. */
  readonly request?: AckedRequest;
  /** A success may carry one too: a warning. */
  readonly extack?: ExtendedAck;
}

/** As those of `decodeMessage`. */
export interface AckOptions {
  readonly endian?: Endian;
  readonly problems?: DecodeError[];
}

/**
 * Reads an acknowledgement: NLMSG_ERROR, or the result of a dump in NLMSG_DONE. A DONE without a payload is
 * a success.
 *
 * struct nlmsgerr { int error; struct nlmsghdr msg; … };
 *
 * @throws DecodeError when the message is too short for what it should hold
 */
export function decodeAck(message: NetlinkMessage, options: AckOptions = {}): Ack {
  const source = sourceOf(message.bytes);
  const little = options.endian !== 'big';
  const isDone = message.type === NLMSG_DONE;
  if (!isDone && message.type !== NLMSG_ERROR) {
    throw new DecodeError(
      'UNKNOWN_MESSAGE',
      message.offset,
      '',
      `type ${message.type} is no acknowledgement`,
    );
  }
  if (isDone && message.length === NLMSG_HDRLEN) return result(0);
  if (message.length < NLMSG_HDRLEN + 4) throw tooShort(message, 4);
  const errno = Math.abs(source.view.getInt32(NLMSG_HDRLEN, little));
  const request = isDone ? undefined : requestOf(message, source, little);
  const at = isDone ? NLMSG_HDRLEN + 4 : attributesAt(message, request as AckedRequest);
  const hasAttributes = (message.flags & NLM_F_ACK_TLVS) !== 0 && at < message.length;
  const extack = hasAttributes ? extackOf(message, source, at, options) : undefined;
  return {
    ...result(errno),
    ...(request === undefined ? {} : { request }),
    ...(extack === undefined ? {} : { extack }),
  };
}

function result(errno: number): Pick<Ack, 'errno' | 'code' | 'text'> {
  return { errno, code: errnoName(errno), text: errnoText(errno) };
}

function tooShort(message: NetlinkMessage, wanted: number): DecodeError {
  const there = message.length - NLMSG_HDRLEN;
  const reason = `an acknowledgement holds at least ${wanted} bytes, ${there} are there`;
  return new DecodeError('HEADER_LENGTH', message.offset + NLMSG_HDRLEN, '', reason);
}

function requestOf(
  message: NetlinkMessage,
  { bytes, view }: Source,
  little: boolean,
): AckedRequest {
  const at = NLMSG_HDRLEN + 4;
  if (message.length < at + NLMSG_HDRLEN) throw tooShort(message, 4 + NLMSG_HDRLEN);
  const length = view.getUint32(at, little);
  const whole = (message.flags & NLM_F_CAPPED) === 0 && at + length <= message.length;
  return {
    length,
    type: view.getUint16(at + 4, little),
    flags: view.getUint16(at + 6, little),
    seq: view.getUint32(at + 8, little),
    portId: view.getUint32(at + 12, little),
    ...(whole && length > NLMSG_HDRLEN ? { bytes: bytes.slice(at, at + length) } : {}),
  };
}

/** Behind the request: its header alone when it was capped, the whole of it otherwise. */
function attributesAt(message: NetlinkMessage, request: AckedRequest): number {
  const capped = (message.flags & NLM_F_CAPPED) !== 0;
  return NLMSG_HDRLEN + 4 + (capped ? NLMSG_HDRLEN : nlmsgAlign(request.length));
}

function extackOf(
  message: NetlinkMessage,
  source: Source,
  at: number,
  options: AckOptions,
): ExtendedAck {
  const { set, engine } = extackModel();
  const known = options.problems?.length ?? 0;
  const context = makeContext(source, { ...options, engine, base: message.offset });
  const place = { set, start: at, end: message.length, little: context.little };
  const named = (error: DecodeError): DecodeError => {
    const path = pathAt(source, { ...place, offset: error.offset - message.offset });
    return error.path === '' ? error.at(path === '' ? 'extack' : `extack.${path}`) : error;
  };
  try {
    const record = engine.set(set).call(context, at, message.length, 0, undefined);
    const { problems = [] } = options;
    for (let i = known; i < problems.length; i++) problems[i] = named(problems[i] as DecodeError);
    return extackFrom(record);
  } catch (error) {
    throw error instanceof DecodeError ? named(error) : error;
  }
}

function extackFrom(record: DecodedRecord): ExtendedAck {
  const found = {
    message: record.msg,
    offset: record.offs,
    missing:
      record.missType === undefined
        ? undefined
        : present({ type: record.missType, nest: record.missNest }),
    policy: record.policy && policyOf(record.policy as DecodedRecord),
    cookie: record.cookie,
    unknown: record.unknown,
  };
  return present(found) as ExtendedAck;
}

function policyOf({ minValueS, maxValueS, minValueU, maxValueU, ...rest }: DecodedRecord): Policy {
  return present({ ...rest, minValue: minValueU ?? minValueS, maxValue: maxValueU ?? maxValueS });
}

function present(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

/** The attributes of every acknowledgement, linked at first use. */
export const extackModel: () => { readonly set: SetModel; readonly engine: Engine } = once(() => ({
  set: linkFamily(nlmsgerrTable).set('nlmsgerr-attrs'),
  engine: interpreted,
}));

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * YNL path of the attribute that stands `offset` bytes into a request, such as 'linkinfo.data.id': what an
 * extended acknowledgement's offset means. Undefined when no attribute stands there.
 */
export function attributePath(
  operation: Operation,
  request: Uint8Array,
  offset: number,
  endian: Endian = 'little',
): string | undefined {
  const { set } = operation.model;
  if (set === undefined) return undefined;
  const little = endian === 'little';
  const start = operation.plan(little).attrsOffset;
  const query = { set, start, end: request.length, offset, little };
  const path = pathAt(sourceOf(request), query);
  return path === '' ? undefined : path;
}
