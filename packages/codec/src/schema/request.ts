import { EncodeError } from '../errors.js';
import { NETLINK_GENERIC } from '../netlink/protocols.js';
import type { Endian } from '../wire/endian.js';
import { Writer } from '../wire/writer.js';
import type { UnknownAttribute } from './context.js';
import { writeSet, writeUnknowns } from './encode.js';
import { writeStruct } from './encode-struct.js';
import type { Operation, OperationTypes } from './family.js';
import { maxU16, within } from './framing.js';

/** What a request says: members of the fixed header and attributes, both by camelCase name. */
export interface RequestBody<T extends OperationTypes = OperationTypes> {
  /** Members left out are zero. */
  readonly header?: Partial<T['header']>;
  /** Written in the order of the object's keys. */
  readonly attrs?: T['attrs'];
  /** Attributes that the tables do not know, written behind the others, untouched. */
  readonly unknown?: readonly UnknownAttribute[];
}

/** The message around it. */
export interface RequestEnvelope {
  /** NLM_F_*; NLM_F_REQUEST is not added by itself. */
  readonly flags: number;
  readonly seq: number;
  /** Own port id; 0 is what the kernel expects from most. */
  readonly portId?: number;
  /** Message type when it is not the operation's: the run-time id of a generic netlink family. */
  readonly type?: number;
  /** `reply` numbers the message as the kernel's answer is numbered; a simulated kernel wants that. */
  readonly direction?: 'request' | 'reply';
  /** Version in the generic netlink header when it is not the family's. */
  readonly version?: number;
  readonly endian?: Endian;
}

/**
 * Encodes a request of an operation.
 *
 * @throws EncodeError whose `path` names the value (`attrs.linkinfo.data.id`): unknown attribute, wrong type,
 * out of range, a failed check of the tables.
 */
export function encodeRequest<T extends OperationTypes>(
  operation: Operation<T>,
  request: RequestBody<T> & RequestEnvelope,
): Uint8Array {
  const writer = new Writer(request.endian);
  writeMessageHeader(writer, operation, request);
  const { header, set } = operation.model;
  if (header !== undefined) {
    writeStruct(writer, header, request.header ?? {}, 'header');
    writer.align(4);
  }
  const attrs = (request.attrs ?? {}) as Record<string, unknown>;
  if (set !== undefined) writeSet(writer, set, attrs, 'attrs', 0, undefined);
  else if (Object.keys(attrs).length > 0) {
    throw new EncodeError('UNKNOWN_ATTRIBUTE', 'attrs', `${operation.name} takes no attributes`);
  }
  if (request.unknown !== undefined) writeUnknowns(writer, request.unknown, 'unknown');
  writer.patchU32(0, writer.length);
  return writer.finish();
}

function writeMessageHeader(writer: Writer, operation: Operation, envelope: RequestEnvelope): void {
  const { family } = operation;
  const isReply = envelope.direction === 'reply';
  const code = isReply ? (operation.reply ?? operation.request) : operation.request;
  if (code === undefined) {
    throw new EncodeError(
      'UNKNOWN_OPERATION',
      operation.name,
      'is a notification: it has no request',
    );
  }
  const generic = family.protocol === NETLINK_GENERIC;
  const type = envelope.type ?? (generic ? undefined : code);
  if (type === undefined) {
    const reason = `the id of the generic netlink family ${family.name} is known at run time only: give it as type`;
    throw new EncodeError('UNKNOWN_OPERATION', operation.name, reason);
  }
  writer.u32(0);
  writer.u16(within(type, maxU16, 'type'));
  writer.u16(within(envelope.flags, maxU16, 'flags'));
  writer.u32(envelope.seq);
  writer.u32(envelope.portId ?? 0);
  if (generic) {
    writer.u8(code);
    writer.u8(envelope.version ?? family.model.table.genericVersion ?? 1);
    writer.u16(0);
  }
}
