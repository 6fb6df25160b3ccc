import type { IntegerValue, Value } from './model.js';

/** What a payload is, in a few words: `u32 be`, `u8 enum operstate`, `nest link-attrs`. */
export function typeText(value: Value): string {
  switch (value.kind) {
    case 'integer':
      return integerText(value);
    case 'varint':
      return `${value.signed ? 'sint' : 'uint'}${namesText(value)}`;
    case 'text':
      return 'string';
    case 'bytes':
      return 'binary';
    case 'address':
      return value.hint === 'ip' ? 'ipv4 or ipv6' : value.hint;
    case 'struct':
      return `struct ${value.struct.name}`;
    case 'array':
      return `${integerText(value.item)}[]`;
    case 'nest':
      return `nest ${value.set.name}`;
    case 'indexed':
      return `array of ${typeText(value.item)}`;
    case 'typed':
      return `${typeText(value.item)} by ${value.keys.join(', ')}`;
    case 'sub-message':
      return `sub-message ${value.message.name}`;
    case 'flag':
    case 'bitfield32':
    case 'pad':
      return value.kind;
  }
}

function integerText(value: IntegerValue): string {
  const order =
    value.order === 'host' || value.size === 1 ? '' : value.order === 'big' ? ' be' : ' le';
  return `${value.signed ? 's' : 'u'}${value.size * 8}${order}${namesText(value)}`;
}

function namesText({ names, mask }: Pick<IntegerValue, 'names' | 'mask'>): string {
  return names === undefined ? '' : ` ${mask ? 'flags' : 'enum'} ${names.name}`;
}
