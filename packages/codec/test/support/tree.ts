import type { NetlinkMessage, Operation } from '@lw/codec';
import type { FormatModel, SetModel, StructModel, Value } from '../../src/schema/model.ts';

/** One attribute as it stands on the wire, with what the tables say of it. */
export interface Node {
  /** Offset of the attribute's header. */
  readonly at: number;
  /** Type number without flag bits. */
  readonly type: number;
  readonly end: number;
  /** Undefined: the tables do not know it. */
  readonly value: Value | undefined;
  /** Structs inside: their offset and layout. */
  readonly structs: readonly {
    readonly at: number;
    readonly end: number;
    readonly struct: StructModel;
  }[];
  /** Attributes inside; undefined where the payload is no nest. */
  readonly children: readonly Node[] | undefined;
}

/** Where the body of an operation's message stands. */
export function bodyOf(operation: Operation): { headerAt: number; attrsAt: number } {
  const headerAt = 16 + (operation.family.generic ? 4 : 0);
  return { headerAt, attrsAt: headerAt + (((operation.model.header?.size ?? 0) + 3) & ~3) };
}

/** The attributes of a little-endian message as a tree: for tests that rearrange or swap bytes. */
export function treeOf(operation: Operation, message: NetlinkMessage): Node[] {
  const { set } = operation.model;
  const { attrsAt } = bodyOf(operation);
  if (set === undefined) return [];
  return new Reader(message.bytes).set(set, attrsAt, message.length, []);
}

type Selectors = ReadonlyMap<string, string>;

class Reader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  set(set: SetModel, start: number, end: number, outer: readonly Selectors[]): Node[] {
    const heads = this.#heads(start, end);
    const texts = heads.flatMap(({ at, type, end: stop }) => {
      const attribute = set.byId.get(type);
      if (attribute === undefined) return [];
      if (attribute.value.kind === 'text')
        return [[attribute.key, this.#text(at + 4, stop)] as const];
      if (attribute.value.kind !== 'integer' || attribute.value.size !== 2) return [];
      return [[attribute.key, String(this.#view.getUint16(at + 4, true))] as const];
    });
    const scopes = [new Map(texts), ...outer];
    return heads.map((head) => this.#node(head, set.byId.get(head.type)?.value, scopes));
  }

  #heads(start: number, end: number): { at: number; type: number; end: number }[] {
    const heads = [];
    for (let at = start; end - at >= 4; ) {
      const length = this.#view.getUint16(at, true);
      heads.push({ at, type: this.#view.getUint16(at + 2, true) & 0x3fff, end: at + length });
      at += (length + 3) & ~3;
    }
    return heads;
  }

  #text(start: number, end: number): string {
    return new TextDecoder().decode(this.#bytes.subarray(start, end)).replace(/\0.*$/s, '');
  }

  #node(
    head: { at: number; type: number; end: number },
    value: Value | undefined,
    scopes: readonly Selectors[],
  ): Node {
    const start = head.at + 4;
    const leaf = { ...head, value, structs: [], children: undefined };
    switch (value?.kind) {
      case 'nest':
        return { ...leaf, children: this.set(value.set, start, head.end, scopes) };
      case 'indexed':
        return {
          ...leaf,
          children: this.#heads(start, head.end).map((item) =>
            this.#node(item, value.item, scopes),
          ),
        };
      case 'typed':
        return {
          ...leaf,
          children: this.#typed(start, head.end, value.keys.length, value.item, scopes),
        };
      case 'struct':
        return { ...leaf, structs: [{ at: start, end: head.end, struct: value.struct }] };
      case 'sub-message': {
        const key = scopes
          .map((scope) => scope.get(value.selector))
          .find((text) => text !== undefined);
        const format = key === undefined ? undefined : value.message.format(key);
        return format === undefined
          ? leaf
          : { ...leaf, ...this.#format(format, start, head.end, scopes) };
      }
      default:
        return leaf;
    }
  }

  #typed(
    start: number,
    end: number,
    levels: number,
    item: Value,
    scopes: readonly Selectors[],
  ): Node[] {
    return this.#heads(start, end).map((head) =>
      levels === 1
        ? this.#node(head, item, scopes)
        : {
            ...head,
            value: undefined,
            structs: [],
            children: this.#typed(head.at + 4, head.end, levels - 1, item, scopes),
          },
    );
  }

  #format(
    { header, set }: FormatModel,
    start: number,
    end: number,
    scopes: readonly Selectors[],
  ): Pick<Node, 'structs' | 'children'> {
    const from = start + (((header?.size ?? 0) + 3) & ~3);
    return {
      structs: header === undefined ? [] : [{ at: start, end, struct: header }],
      children: set === undefined ? undefined : this.set(set, from, end, scopes),
    };
  }
}
