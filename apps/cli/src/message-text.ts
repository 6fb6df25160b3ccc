import type { Json, JsonObject, MessageJson } from '@lw/codec';
import { escapeText } from '@lw/watch';

/** A decode error as JSON has it. */
export type DecodeErrorJson = NonNullable<MessageJson['decodeError']>;

/** A message as indented lines, for people. */
export function messageText(message: MessageJson): string {
  const { family, op, len, type, flags, seq, pid } = message;
  const title = op === undefined ? `type ${type}` : `${op} (${family})`;
  const facts = [
    `${len} bytes`,
    `type ${type}`,
    ...(flags.length === 0 ? [] : [`flags ${flags.join(' ')}`]),
    `seq ${seq}`,
    `pid ${pid}`,
  ];
  return [
    `${title}: ${facts.join(', ')}`,
    ...(message.decodeError === undefined ? [] : [`  ${decodeErrorText(message.decodeError)}`]),
    ...section('header', message.header),
    ...section('attrs', message.attrs),
    ...section('error', message.error),
    ...unknownLines(message),
    '',
  ].join('\n');
}

/** One line for bytes that could not be read. */
export function decodeErrorText({ code, offset, path, message }: DecodeErrorJson): string {
  const place = path === '' ? `offset ${offset}` : `offset ${offset}, in ${path}`;
  return `cannot be decoded: ${escapeText(message)} (${code} at ${place})`;
}

function section(name: string, record: JsonObject | undefined): string[] {
  if (record === undefined || Object.keys(record).length === 0) return [];
  return [`  ${name}`, ...recordLines(record, 4)];
}

function unknownLines({ unknown = [] }: MessageJson): string[] {
  return unknown.map(({ type, hex }) => `  unknown attribute ${type}: ${hex || 'empty'}`);
}

function recordLines(record: JsonObject, indent: number): string[] {
  return Object.entries(record).flatMap(([key, value]) => fieldLines(key, value, indent));
}

function fieldLines(key: string, value: Json, indent: number): string[] {
  const label = `${' '.repeat(indent)}${key}`;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object')) {
      return [`${label}: ${value.map(scalarText).join(' ')}`.trimEnd()];
    }
    return value.flatMap((item, index) => fieldLines(`${key}[${index}]`, item, indent));
  }
  if (typeof value === 'object' && value !== null) {
    return [label, ...recordLines(value as JsonObject, indent + 2)];
  }
  return [`${label}: ${scalarText(value)}`.trimEnd()];
}

function scalarText(value: Json): string {
  return escapeText(String(value));
}
