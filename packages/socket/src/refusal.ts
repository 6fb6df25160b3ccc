import { type Ack, attributePath, type ExtendedAck, type Operation } from '@lw/codec';
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
  const { op, operation } = refused;
  if (ack.extack === undefined || operation === undefined) return new NetlinkError(op, ack);
  const path = pathOf(operation, refused.request, ack.extack.offset);
  const missingName = missingNameOf(operation, ack.extack);
  const extack = {
    ...ack.extack,
    ...(path === undefined ? {} : { path }),
    ...(missingName === undefined ? {} : { missingName }),
  };
  return new NetlinkError(op, { ...ack, extack });
}

function pathOf(
  operation: Operation,
  request: Uint8Array,
  offset: number | undefined,
): string | undefined {
  return offset === undefined ? undefined : attributePath(operation, request, offset);
}

/** The name of an attribute that is missing at the top; one missing in a nest stays a number. */
function missingNameOf(operation: Operation, { missing }: ExtendedAck): string | undefined {
  if (missing === undefined || missing.nest !== undefined) return undefined;
  return operation.model.set?.byId.get(missing.type)?.name;
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
