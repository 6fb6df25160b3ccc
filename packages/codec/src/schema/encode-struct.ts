import { EncodeError } from '../errors.js';
import type { Writer } from '../wire/writer.js';
import { expectRecord } from './check.js';
import type { MemberModel, StructModel, Value } from './model.js';
import { bytesOf, writeScalar } from './scalar.js';

/** Members that are absent are zero; a tail that a longer struct had is written behind. */
export function writeStruct(
  writer: Writer,
  struct: StructModel,
  record: object,
  path: string,
): void {
  const start = writer.length;
  const values = record as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(values)) {
    if (struct.byKey.has(key) || key === 'tail' || values[key] === undefined) continue;
    throw new EncodeError(
      'UNKNOWN_MEMBER',
      `${path}.${key}`,
      `no such member in struct ${struct.name}`,
    );
  }
  for (const member of struct.members) {
    writer.zeros(start + member.offset - writer.length);
    writeMember(writer, member.value, member.size, values[member.key], `${path}.${member.key}`);
  }
  writer.zeros(start + struct.size - writer.length);
  if (struct.rest !== undefined) writeRest(writer, struct.rest, values[struct.rest.key], path);
  if (values.tail !== undefined) writer.bytes(bytesOf(values.tail, `${path}.tail`));
}

function writeRest(writer: Writer, rest: MemberModel, value: unknown, path: string): void {
  if (value === undefined) return;
  const at = `${path}.${rest.key}`;
  if (!Array.isArray(value)) throw new EncodeError('WRONG_TYPE', at, 'an array is wanted');
  for (const [index, item] of value.entries()) {
    writeMember(writer, rest.value, rest.size, item, `${at}[${index}]`);
  }
}

function writeMember(
  writer: Writer,
  type: Value,
  size: number,
  value: unknown,
  path: string,
): void {
  const start = writer.length;
  if (value === undefined) writer.zeros(size);
  else if (type.kind === 'struct')
    writeStruct(writer, type.struct, expectRecord(value, path), path);
  else writeScalar(writer, type, value, path, { inStruct: true });
  const written = writer.length - start;
  if (written > size) {
    throw new EncodeError('WRONG_LENGTH', path, `${written} bytes where the struct has ${size}`);
  }
  writer.zeros(size - written);
}
