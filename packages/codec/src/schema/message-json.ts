import { DecodeError } from '../errors.js';
import {
  type Ack,
  type AckedRequest,
  attributePath,
  decodeAck,
  type ExtendedAck,
} from '../netlink/ack.js';
import {
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_MIN_TYPE,
  NLMSG_NOOP,
  NLMSG_OVERRUN,
} from '../netlink/control.js';
import { type FlagContext, messageFlagNames } from '../netlink/flags.js';
import type { NetlinkMessage } from '../netlink/split.js';
import type { Endian } from '../wire/endian.js';
import { readHex } from '../wire/hex.js';
import { NLMSG_HDRLEN } from '../wire/nlmsg.js';
import { sourceOf } from './context.js';
import { decodeMessage, type Families, operationAt } from './decode.js';
import { exactNumber } from './exact-number.js';
import type { Operation } from './family.js';
import { type Json, type JsonObject, toJson } from './json.js';

/** A message for people and scripts: the object that `lw decode --json` prints. */
export interface MessageJson {
  /** What could not be decoded first; the rest is what was read all the same. */
  readonly decodeError?: { code: string; offset: number; path: string; message: string };
  readonly len: number;
  readonly type: number;
  readonly flags: readonly string[];
  readonly seq: number;
  readonly pid: number;
  /** Name of the family; 'netlink' for control messages. */
  readonly family?: string;
  readonly op?: string;
  readonly header?: JsonObject;
  readonly attrs?: JsonObject;
  readonly unknown?: readonly { type: number; hex: string }[];
  /** Of NLMSG_ERROR and NLMSG_DONE; errno 0 is success. */
  readonly error?: JsonObject;
}

/** Describes one message, whatever is in it; never throws. */
export function messageToJson(
  families: Families,
  message: NetlinkMessage,
  options: { readonly endian?: Endian } = {},
): MessageJson {
  const problems: DecodeError[] = [];
  const body = bodyJson(families, message, { ...options, problems });
  const [first] = problems;
  return {
    ...(first === undefined ? {} : { decodeError: errorJson(first) }),
    len: message.length,
    type: message.type,
    flags: messageFlagNames(message.flags, flagContext(families, message, options.endian)),
    seq: message.seq,
    pid: message.portId,
    ...body,
  };
}

/** A DecodeError as JSON: also what stands for bytes that hold no whole message. */
export function errorJson(error: DecodeError): NonNullable<MessageJson['decodeError']> {
  return { code: error.code, offset: error.offset, path: error.path, message: error.reason };
}

interface Collecting {
  readonly endian?: Endian;
  readonly problems: DecodeError[];
}

function bodyJson(
  families: Families,
  message: NetlinkMessage,
  options: Collecting,
): Partial<MessageJson> {
  try {
    if (message.type < NLMSG_MIN_TYPE) return controlJson(families, message, options);
    const decoded = decodeMessage(families, message, options);
    const operation = operationOf(families, message, options.endian) as Operation;
    return { family: operation.family.name, op: decoded.op, ...toJson(operation, decoded) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    options.problems.push(error);
    return {};
  }
}

function operationOf(
  families: Families,
  { bytes }: NetlinkMessage,
  endian?: Endian,
): Operation | undefined {
  const place = { at: 0, end: bytes.length, little: endian !== 'big' };
  return operationAt(families, sourceOf(bytes), place);
}

/** Names of the messages that every protocol has. */
export const controlNames: Readonly<Record<number, string>> = {
  [NLMSG_NOOP]: 'noop',
  [NLMSG_ERROR]: 'error',
  [NLMSG_DONE]: 'done',
  [NLMSG_OVERRUN]: 'overrun',
};

function controlJson(
  families: Families,
  message: NetlinkMessage,
  options: Collecting,
): Partial<MessageJson> {
  const op = controlNames[message.type] ?? `control-${message.type}`;
  const json = { family: 'netlink', op, header: {}, attrs: {} };
  if (message.type !== NLMSG_ERROR && message.type !== NLMSG_DONE) return json;
  return { ...json, error: ackJson(families, decodeAck(message, options), options.endian) };
}

function ackJson(families: Families, ack: Ack, endian: Endian | undefined): JsonObject {
  const json: JsonObject = { errno: ack.errno, code: ack.code, text: ack.text };
  if (ack.extack !== undefined) json.extack = extackJson(families, ack, ack.extack, endian);
  if (ack.request !== undefined) {
    const { length, type, flags, seq, portId } = ack.request;
    const names = messageFlagNames(flags, requestContext(families, ack.request));
    json.request = { len: length, type, flags: names, seq, pid: portId };
  }
  return json;
}

function extackJson(
  families: Families,
  ack: Ack,
  extack: ExtendedAck,
  endian: Endian | undefined,
): JsonObject {
  const json: JsonObject = {};
  for (const [key, value] of Object.entries(extack)) json[key] = extackValue(key, value);
  const request = ack.request?.bytes;
  if (request === undefined || extack.offset === undefined) return json;
  const place = { at: 0, end: request.length, little: endian !== 'big' };
  const operation = operationAt(families, sourceOf(request), place);
  const path = operation && attributePath(operation, request, extack.offset, endian);
  return path === undefined ? json : { ...json, path };
}

function extackValue(key: string, value: unknown): Json {
  if (value instanceof Uint8Array) return readHex(value);
  if (key === 'unknown') {
    return (value as ExtendedAck['unknown'] & object).map(({ type, bytes }) => ({
      type,
      hex: readHex(bytes),
    }));
  }
  if (typeof value !== 'object' || value === null) return value as Json;
  const entries = Object.entries(value).map(([name, item]): [string, Json] => [
    name,
    typeof item === 'bigint' ? exactNumber(item) : item,
  ]);
  return Object.fromEntries(entries);
}

/** The same for a request of which often only the header came back. */
function requestContext(
  families: Families,
  { type, flags }: AckedRequest,
): FlagContext | undefined {
  const header = new Uint8Array(NLMSG_HDRLEN);
  const view = new DataView(header.buffer);
  view.setUint16(4, type, true);
  view.setUint16(6, flags, true);
  const place = { at: 0, end: NLMSG_HDRLEN, little: true };
  return contextOf(operationAt(families, { bytes: header, view }, place));
}

/** What the upper flag bits mean: known from the operation, or from rtnetlink's habit of numbering. */
function flagContext(
  families: Families,
  message: NetlinkMessage,
  endian?: Endian,
): FlagContext | undefined {
  if (message.type === NLMSG_ERROR || message.type === NLMSG_DONE) return 'ack';
  if (message.type < NLMSG_MIN_TYPE) return undefined;
  return contextOf(operationOf(families, message, endian));
}

/** What the upper flag bits mean in an operation's messages. */
export function contextOf(operation: Operation | undefined): FlagContext | undefined {
  if (operation === undefined) return undefined;
  if (operation.family.generic) return 'get';
  if (/^(new|set|add)/.test(operation.name)) return 'new';
  return operation.name.startsWith('del') ? 'delete' : 'get';
}
