import {
  type DecodedMessage,
  type DecodeError,
  decodeMessage,
  defineFamily,
  type Family,
  type NetlinkMessage,
  type Operation,
} from '@lw/codec';

const twins = new Map<string, Family<unknown>>();

/** Decodes with the interpreting engine what the operation's own family would compile. */
export function decodeInterpreted(
  { family }: Operation,
  message: NetlinkMessage,
  options: { readonly problems?: DecodeError[] } = {},
): DecodedMessage {
  const twin =
    twins.get(family.name) ?? defineFamily(family.model.table, { engine: 'interpreted' });
  twins.set(family.name, twin);
  return decodeMessage(twin, message, options);
}
