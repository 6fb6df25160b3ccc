/**
 * The declarative tables that describe a family: plain data, close to the kernel's YNL, and the only source
 * of the decoders, the encoder, JSON and the static types. The families of `@lw/codec/families/*` are
 * generated; anybody may write one by hand, or have one made at run time by `fromSpec()`.
 *
 * Names are YNL names (`carrier-up-count`); values that people see carry them in camelCase.
 */

/** Everything that is known of one family. */
export interface FamilyTable {
  /** The YNL name: `rt-link`, `nlctrl`; for generic netlink also the name the kernel registers. */
  readonly name: string;
  /** NETLINK_ROUTE, NETLINK_GENERIC, … */
  readonly protocol: number;
  /** Version in the generic netlink header; absent for families that have none. */
  readonly genericVersion?: number;
  readonly enums: Readonly<Record<string, EnumTable>>;
  readonly structs: Readonly<Record<string, readonly MemberTable[]>>;
  readonly sets: Readonly<Record<string, SetTable>>;
  readonly subMessages: Readonly<Record<string, SubMessageTable>>;
  readonly operations: readonly OperationTable[];
  /** Multicast groups: their number, or undefined where the kernel assigns it (generic netlink). */
  readonly groups: Readonly<Record<string, number | undefined>>;
}

/** Names of numbers. */
export interface EnumTable {
  /** `flags`: the entries are bit numbers and a value is a mask of them. */
  readonly kind: 'enum' | 'flags';
  readonly entries: Readonly<Record<string, number>>;
}

export type ScalarType = 'u8' | 'u16' | 'u32' | 'u64' | 's8' | 's16' | 's32' | 's64';
export type ByteOrder = 'big-endian' | 'little-endian';
export type DisplayHint = 'hex' | 'mac' | 'fddi' | 'ipv4' | 'ipv6' | 'ipv4-or-v6' | 'uuid';

/** A member of a C struct; members follow each other without padding of their own. */
export interface MemberTable {
  readonly name: string;
  readonly type: ScalarType | 'string' | 'binary' | 'pad';
  /** Bytes; for string, binary and pad. */
  readonly len?: number;
  /** A struct inside the struct. */
  readonly struct?: string;
  readonly byteOrder?: ByteOrder;
  readonly enum?: string;
  readonly enumAsFlags?: boolean;
  readonly hint?: DisplayHint;
  /** Repeats to the end of the payload, as a C flexible array member does: the last member only. */
  readonly rest?: boolean;
}

export type AttributeType =
  | ScalarType
  | 'uint'
  | 'sint'
  | 'string'
  | 'binary'
  | 'flag'
  | 'nest'
  | 'indexed-array'
  | 'nest-type-value'
  | 'sub-message'
  | 'bitfield32'
  | 'pad'
  | 'unused';

/** Limits that a value must keep; integers beyond 2^53 are decimal text. */
export interface Checks {
  readonly min?: number | string;
  readonly max?: number | string;
  readonly minLen?: number;
  readonly maxLen?: number;
  readonly exactLen?: number;
}

export interface AttributeTable {
  /** Type number on the wire. */
  readonly id: number;
  readonly name: string;
  readonly type: AttributeType;
  readonly byteOrder?: ByteOrder;
  readonly enum?: string;
  readonly enumAsFlags?: boolean;
  readonly hint?: DisplayHint;
  /** Attribute set inside a nest, an indexed array of nests or a nest-type-value. */
  readonly set?: string;
  readonly struct?: string;
  /** What an indexed array or a C array holds. */
  readonly subType?: AttributeType;
  readonly subMessage?: string;
  /** Name of the attribute, here or in an enclosing set, whose value chooses the sub-message's format. */
  readonly selector?: string;
  /** Names of the type numbers of a nest-type-value's levels. */
  readonly typeValue?: readonly string[];
  /** May stand several times; the value is an array. */
  readonly multi?: boolean;
  readonly checks?: Checks;
}

export interface SetTable {
  /** Prefix of the C names, such as `ifla-`. */
  readonly prefix?: string;
  readonly attributes: readonly AttributeTable[];
}

/** Formats of a sub-message by the selector's value (text, enum name or decimal number). */
export type SubMessageTable = Readonly<
  Record<string, { readonly header?: string; readonly set?: string }>
>;

export interface OperationTable {
  readonly name: string;
  readonly set?: string;
  /** Struct of the fixed header. */
  readonly header?: string;
  /** Message type of requests (generic netlink: the command). */
  readonly request?: number;
  /** Message type of replies and notifications. */
  readonly reply?: number;
  readonly do?: boolean;
  readonly dump?: boolean;
  /** A notification or event: it has no request. */
  readonly notify?: boolean;
  /** Chosen only when this header member has this value (AF_BRIDGE messages share their types, K6). */
  readonly when?: { readonly member: string; readonly value: number };
}
