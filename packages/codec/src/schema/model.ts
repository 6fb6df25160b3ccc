/**
 * The linked form of a family's tables: names resolved, payloads classified once (`Value`), so that the
 * engines ask no questions of the YNL. `linkFamily` makes it.
 */
import type { Checks, FamilyTable, OperationTable } from './table.js';

/** Names of an integer's values, or of its bits. */
export interface EnumModel {
  readonly name: string;
  readonly flags: boolean;
  /** Enum: value to name. Flags: bit number to name. */
  readonly nameOf: ReadonlyMap<number, string>;
  readonly valueOf: ReadonlyMap<string, number>;
}

export type Order = 'host' | 'big' | 'little';

export interface IntegerValue {
  readonly kind: 'integer';
  /** Bytes. */
  readonly size: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  readonly order: Order;
  readonly names?: EnumModel;
  /** The names are of bits: the value is a mask. */
  readonly mask: boolean;
  /** A 32-bit number that people read as an IPv4 address. */
  readonly ipv4: boolean;
}

export type AddressHint = 'mac' | 'ipv4' | 'ipv6' | 'ip' | 'uuid';

/** What a payload is. Both engines, the encoder and JSON switch over `kind` and nothing else. */
export type Value =
  | IntegerValue
  /** uint, sint: 4 or 8 bytes, always a bigint */
  | {
      readonly kind: 'varint';
      readonly signed: boolean;
      readonly names?: EnumModel;
      readonly mask: boolean;
    }
  | { readonly kind: 'text' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'address'; readonly hint: AddressHint }
  | { readonly kind: 'struct'; readonly struct: StructModel }
  /** a C array of integers */
  | { readonly kind: 'array'; readonly item: IntegerValue }
  | { readonly kind: 'flag' }
  | { readonly kind: 'bitfield32'; readonly names?: EnumModel }
  | { readonly kind: 'nest'; readonly set: SetModel }
  /** attributes whose type numbers are an index */
  | { readonly kind: 'indexed'; readonly item: Value }
  /** attributes in attributes whose type numbers are values with these keys */
  | { readonly kind: 'typed'; readonly keys: readonly string[]; readonly item: Value }
  | {
      readonly kind: 'sub-message';
      readonly message: SubMessageModel;
      /** Key of the selector. */
      readonly selector: string;
      /** The selector stands in an enclosing set, not in the sub-message's own. */
      readonly outside: boolean;
    }
  | { readonly kind: 'pad' };

export interface MemberModel {
  readonly name: string;
  readonly key: string;
  /** Bytes from the struct's start. */
  readonly offset: number;
  readonly size: number;
  readonly value: Value;
}

export interface StructModel {
  readonly name: string;
  /** Bytes without the member that repeats. */
  readonly size: number;
  /** The member that repeats to the end; its offset is `size`. */
  readonly rest?: MemberModel;
  /** Without padding. */
  readonly members: readonly MemberModel[];
  readonly byKey: ReadonlyMap<string, MemberModel>;
}

export interface AttributeModel {
  readonly id: number;
  readonly name: string;
  readonly key: string;
  readonly value: Value;
  readonly multi: boolean;
  readonly checks?: Checks;
}

export interface SetModel {
  readonly name: string;
  readonly prefix: string;
  readonly attributes: readonly AttributeModel[];
  readonly byId: ReadonlyMap<number, AttributeModel>;
  readonly byKey: ReadonlyMap<string, AttributeModel>;
  /** Holds, at some depth, a sub-message whose selector stands outside of this set. */
  readonly looksOutside: boolean;
}

export interface SubMessageModel {
  readonly name: string;
  format(selector: string): FormatModel | undefined;
  readonly selectors: readonly string[];
}

export interface FormatModel {
  readonly header?: StructModel;
  readonly set?: SetModel;
}

export interface OperationModel {
  readonly table: OperationTable;
  readonly header?: StructModel;
  readonly set?: SetModel;
}

/** Resolves names of one family's tables; each thing is made once. */
export interface FamilyModel {
  readonly table: FamilyTable;
  set(name: string): SetModel;
  struct(name: string): StructModel;
  operation(table: OperationTable): OperationModel;
}
