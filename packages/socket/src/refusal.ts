import { type Ack, attributePath, type Operation } from '@lw/codec';
import { NetlinkError } from './errors.js';

/** The request that an acknowledgement answers. */
export interface Refused {
  readonly op: string;
  readonly request: Uint8Array;
  /** Known operation: then the extended ack's offset becomes an attribute path. */
  readonly operation?: Operation;
}

/** The error for an acknowledgement with an errno. */
export function refusal(refused: Refused, ack: Ack): NetlinkError {
  const offset = ack.extack?.offset;
  if (refused.operation === undefined || offset === undefined) return new NetlinkError(refused.op, ack);
  const path = attributePath(refused.operation, refused.request, offset);
  const extack = { ...ack.extack, ...(path === undefined ? {} : { path }) };
  return new NetlinkError(refused.op, { ...ack, extack });
}

/** A kernel's remark on a request that it did (K21). */
export interface NetlinkWarning {
  readonly op: string;
  readonly message: string;
}

/** The remark in an acknowledgement, when there is one. */
export function warningOf(op: string, ack: Ack): NetlinkWarning | undefined {
  const message = ack.errno === 0 ? ack.extack?.message : undefined;
  return message === undefined ? undefined : { op, message };
}
