/** From a byte offset to the attribute that stands there. */
import { NLA_HDRLEN, NLA_TYPE_MASK } from '../wire/nla.js';
import { type Context, makeContext, maxNestingDepth, type Scope, type Source } from './context.js';
import { interpreted, isDeferred } from './interpret.js';
import type { AttributeModel, SetModel, Value } from './model.js';
import { selectorsOf } from './selectors.js';
import { selectFormat } from './sub-message.js';
import { walkAttributes } from './value.js';

export interface PathQuery {
  readonly set: SetModel;
  /** Where the set's attributes begin and end. */
  readonly start: number;
  readonly end: number;
  /** The byte asked for. */
  readonly offset: number;
  readonly little: boolean;
}

/** A stretch of attributes or a payload, with what encloses it. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly outer: Scope | undefined;
}

/** YNL path of the attribute at `offset`, such as 'linkinfo.data.id'; '' when none stands there. */
export function pathAt(source: Source, query: PathQuery): string {
  const endian = query.little ? 'little' : 'big';
  const context = makeContext(source, { engine: interpreted, endian, problems: [] });
  const place = { start: query.start, end: query.end, depth: 0, outer: undefined };
  return new PathFinder(context, query.offset).inSet(query.set, place).join('.');
}

class PathFinder {
  readonly #context: Context;
  readonly #offset: number;

  constructor(context: Context, offset: number) {
    this.#context = context;
    this.#offset = offset;
  }

  inSet(set: SetModel, place: Place): string[] {
    if (place.depth > maxNestingDepth) return [];
    let found: string[] = [];
    // Past a broken length the walk cannot go; then the attribute with that length is the answer.
    const whole = walkAttributes(this.#context, place.start, place.end, (type, from, to, at) => {
      if (this.#offset < at || this.#offset >= to) return;
      const attribute = set.byId.get(type);
      if (attribute === undefined) found = [`attribute ${type}`];
      else
        found = [
          attribute.name,
          ...this.#inAttribute(set, attribute, { ...place, start: from, end: to }, place),
        ];
    });
    return whole || found.length > 0 ? found : this.#broken(set);
  }

  #broken(set: SetModel): string[] {
    const { bytes, view, little } = this.#context;
    if (this.#offset + NLA_HDRLEN > bytes.length) return [];
    const type = view.getUint16(this.#offset + 2, little) & NLA_TYPE_MASK;
    return [set.byId.get(type)?.name ?? `attribute ${type}`];
  }

  #inAttribute(set: SetModel, attribute: AttributeModel, payload: Place, around: Place): string[] {
    if (this.#offset < payload.start) return [];
    // Only what is chosen by a selector asks for the values beside it.
    const needed = isDeferred(attribute) || attribute.value.kind === 'sub-message';
    const record = needed ? selectorsOf(this.#context, set, around.start, around.end) : {};
    const outer: Scope = { record, outer: around.outer };
    return this.#inValue(attribute.value, { ...payload, outer });
  }

  #inValue(value: Value, place: Place): string[] {
    const { start, end, outer } = place;
    const deeper = { ...place, depth: place.depth + 1 };
    if (value.kind === 'nest') return this.inSet(value.set, deeper);
    if (value.kind === 'sub-message') {
      const format = selectFormat(value, outer);
      if (format?.set === undefined) return [];
      const header = format.header?.size ?? 0;
      return this.inSet(format.set, { ...deeper, start: Math.min(end, start + header) });
    }
    if (value.kind !== 'indexed' && value.kind !== 'typed') return [];
    let found: string[] = [];
    walkAttributes(this.#context, start, end, (type, from, to, at) => {
      if (this.#offset < at || this.#offset >= to) return;
      found = [String(type), ...this.#inValue(value.item, { ...deeper, start: from, end: to })];
    });
    return found;
  }
}
