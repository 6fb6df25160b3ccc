/**
 * The compiling engine: turns an attribute set into one JavaScript function at its first use. Into the
 * source text go numbers and JSON-quoted names of linked tables, nothing else; everything that is not plain
 * reading of bytes is the same code that the interpreter runs (`value.ts`).
 */
import { readIpv4, readIpv6, readMac } from '../wire/address.js';
import { readText } from '../wire/text.js';
import {
  type DecodedRecord,
  type Engine,
  enter,
  failLength,
  type Holder,
  keepRaw,
  misfit,
  type SetFunction,
  type StructFunction,
} from './context.js';
import {
  deferredAttributes,
  interpretStruct,
  isDeferred,
  maxStableShapeAttributes,
} from './interpret.js';
import type { AttributeModel, IntegerValue, SetModel, StructModel, Value } from './model.js';
import {
  decodeValue,
  expectedSize,
  ipv4Text,
  nameOf,
  readAddress,
  reportsItself,
} from './value.js';

/** What the emitted code may call. */
const runtime = {
  decodeValue,
  enter,
  failLength,
  ipv4Text,
  keepRaw,
  misfit,
  nameOf,
  readAddress,
  readIpv4,
  readIpv6,
  readMac,
  readText,
  shortStruct: interpretStruct,
};

/** Whether this place lets code be made from text; a CSP or a flag of Node may forbid it. */
export function canCompile(): boolean {
  try {
    return new Function('return true')() === true;
  } catch {
    return false;
  }
}

/** An engine for one byte order; its functions live as long as it does. */
export function compiledEngine(little: boolean): Engine {
  const sets = new Map<SetModel, Holder<SetFunction>>();
  const structs = new Map<StructModel, Holder<StructFunction>>();
  const compiler: Compiler = {
    little,
    set: (model) => holder(sets, model, () => compileSet(model, compiler)),
    struct: (model) => holder(structs, model, () => compileStruct(model, compiler)),
  };
  return { name: 'compiled', set: compiler.set, struct: compiler.struct };
}

interface Compiler {
  readonly little: boolean;
  set(model: SetModel): Holder<SetFunction>;
  struct(model: StructModel): Holder<StructFunction>;
}

// biome-ignore lint/suspicious/noExplicitAny: the holder forwards whatever its function takes
function holder<M, F extends (...args: any[]) => DecodedRecord>(
  known: Map<M, Holder<F>>,
  model: M,
  compile: () => F,
): Holder<F> {
  const found = known.get(model);
  if (found !== undefined) return found;
  const fresh: Holder<F> = {
    call: ((...args: Parameters<F>) => {
      fresh.call = compile();
      return fresh.call(...args);
    }) as F,
  };
  known.set(model, fresh);
  return fresh;
}

/** Source text in the making, with the objects that it refers to as k0, k1, … */
class Emitter {
  readonly lines: string[] = [];
  readonly #constants: unknown[] = [];
  readonly compiler: Compiler;

  constructor(compiler: Compiler) {
    this.compiler = compiler;
  }

  constant(value: unknown): string {
    const known = this.#constants.indexOf(value);
    return `k${known >= 0 ? known : this.#constants.push(value) - 1}`;
  }

  finish<F>(parameters: string): F {
    const names = this.#constants.map((_, index) => `k${index}`);
    const body = `return function (${parameters}) {\n${this.lines.join('\n')}\n};`;
    return new Function('R', ...names, body)(runtime, ...this.#constants) as F;
  }
}

const quote = JSON.stringify;

/** A number of the tables as source text: nothing else may get there unquoted. */
function digits(value: number): string {
  if (Number.isSafeInteger(value) && value >= 0) return String(value);
  throw new Error(`the tables hold ${value} where a whole number is wanted`);
}

function compileSet(set: SetModel, compiler: Compiler): SetFunction {
  const emitter = new Emitter(compiler);
  const { lines } = emitter;
  const little = compiler.little;
  const deferred = deferredAttributes(set);
  lines.push('const b = c.bytes, v = c.view;', `const r = ${emptyLiteral(set)};`);
  const scoped = set.looksOutside || set.attributes.some((a) => a.value.kind === 'sub-message');
  lines.push(scoped ? 'const o = { record: r, outer };' : 'const o = undefined;');
  for (const attribute of deferred) lines.push(`let d${digits(attribute.id)} = -1;`);
  lines.push(
    'let p = start;',
    'while (end - p >= 4) {',
    `const l = v.getUint16(p, ${little});`,
    'if (l < 4 || l > end - p) { R.failLength(c, p, end); break; }',
    'const q = p + 4;',
    `switch (v.getUint16(p + 2, ${little}) & 16383) {`,
    ...set.attributes.map((a) =>
      isDeferred(a) ? `case ${digits(a.id)}: d${digits(a.id)} = p; break;` : emitCase(emitter, a),
    ),
    'default: r.unknown = R.keepRaw(c, r.unknown, p);',
    '}',
    'p += (l + 3) & -4;',
    '}',
    ...deferred.map((a) => emitDeferred(emitter, a)),
    'return r;',
  );
  return emitter.finish('c, start, end, depth, outer');
}

function emptyLiteral(set: SetModel): string {
  const stable = set.attributes.length <= maxStableShapeAttributes;
  const keys = stable ? set.attributes.filter((a) => a.value.kind !== 'pad').map((a) => a.key) : [];
  return `{ ${[...keys, 'unknown'].map((key) => `${quote(key)}: undefined`).join(', ')} }`;
}

function emitCase(emitter: Emitter, attribute: AttributeModel): string {
  const { value } = attribute;
  const id = digits(attribute.id);
  if (value.kind === 'pad') return `case ${id}: break;`;
  const length = fixedLength(value);
  if (length !== undefined) {
    const bad = `r.unknown = R.misfit(c, r.unknown, p, ${quote(expectedSize(value))});`;
    const good = assign(attribute, emitFixed(emitter, value));
    return `case ${id}: if (l === ${digits(length + 4)}) ${good} else ${bad} break;`;
  }
  const simple = emitSimple(emitter, value);
  if (simple !== undefined) return `case ${id}: ${assign(attribute, simple)} break;`;
  return `case ${id}: { ${emitGeneral(emitter, attribute)} break; }`;
}

/** Payload bytes of values whose size is known. */
function fixedLength(value: Value): number | undefined {
  return value.kind === 'integer' ? value.size : undefined;
}

function emitFixed(emitter: Emitter, value: Value): string {
  return emitInteger(emitter, value as IntegerValue, 'q');
}

function emitInteger(emitter: Emitter, value: IntegerValue, at: string): string {
  const { size, signed, order, names, mask, ipv4 } = value;
  const little = order === 'host' ? emitter.compiler.little : order === 'little';
  const type = `${size === 8 ? 'Big' : ''}${signed ? 'Int' : 'Uint'}${size * 8}`;
  const plain = size === 1 && !signed ? `b[${at}]` : `v.get${type}(${at}, ${little})`;
  const read = size === 8 ? emitSharedZero(at, plain) : plain;
  if (names !== undefined && !mask) return `R.nameOf(${emitter.constant(names)}, ${read})`;
  return ipv4 ? `R.ipv4Text(${read})` : read;
}

/** Most counters are zero: one that is shared saves an object for each of them. */
function emitSharedZero(at: string, read: string): string {
  return `((v.getUint32(${at}, true) | v.getUint32(${at} + 4, true)) === 0 ? 0n : ${read})`;
}

/** Values that are read by one expression which cannot fail. */
function emitSimple(emitter: Emitter, value: Value): string | undefined {
  switch (value.kind) {
    case 'text':
      return 'R.readText(b, q, p + l)';
    case 'bytes':
      return 'b.slice(q, p + l)';
    case 'flag':
      return 'true';
    case 'address':
      return emitAddress(value.hint);
    case 'struct':
      return `${emitter.constant(emitter.compiler.struct(value.struct))}.call(c, q, p + l)`;
    default:
      return undefined;
  }
}

function emitAddress(hint: string): string {
  const general = `R.readAddress(b, q, p + l, ${quote(hint)})`;
  if (hint === 'mac') return 'R.readMac(b, q, p + l)';
  if (hint === 'ip')
    return `(l === 8 ? R.readIpv4(b, q) : l === 20 ? R.readIpv6(b, q) : ${general})`;
  return general;
}

function assign({ key, multi }: AttributeModel, expression: string): string {
  const target = `r[${quote(key)}]`;
  if (!multi) return `${target} = ${expression};`;
  return `{ const x = ${expression}; if (${target} === undefined) ${target} = [x]; else ${target}.push(x); }`;
}

/** A C array, read by a loop of its own: a link carries a hundred of these numbers. */
function emitArray(emitter: Emitter, attribute: AttributeModel, item: IntegerValue): string {
  const { size } = item;
  const bad = `r.unknown = R.misfit(c, r.unknown, p, ${quote(expectedSize(attribute.value))});`;
  const fill = `for (let i = 0; i < n; i++) a[i] = ${emitInteger(emitter, item, `q + i * ${size}`)};`;
  return `const n = (l - 4) / ${size}; if (n % 1 !== 0) ${bad} else { const a = new Array(n); ${fill} ${assign(attribute, 'a')} }`;
}

/** Nests, called directly; and the rest, through the code that the interpreter uses. */
function emitGeneral(emitter: Emitter, attribute: AttributeModel): string {
  const { value } = attribute;
  if (value.kind === 'nest') {
    const set = emitter.constant(emitter.compiler.set(value.set));
    const scope = value.set.looksOutside ? 'o' : 'undefined';
    const enterNest = assign(attribute, `${set}.call(c, q, p + l, depth + 1, ${scope})`);
    return `if (R.enter(c, q, depth)) ${enterNest} else r.unknown = R.keepRaw(c, r.unknown, p);`;
  }
  if (value.kind === 'array') return emitArray(emitter, attribute, value.item);
  const decode = `const y = R.decodeValue(c, ${emitter.constant(value)}, q, p + l, depth, o);`;
  const bad = reportsItself(value.kind)
    ? 'r.unknown = R.keepRaw(c, r.unknown, p);'
    : `r.unknown = R.misfit(c, r.unknown, p, ${quote(expectedSize(value))});`;
  return `${decode} if (y === undefined) ${bad} else ${assign(attribute, 'y')}`;
}

function emitDeferred(emitter: Emitter, attribute: AttributeModel): string {
  const id = digits(attribute.id);
  const little = emitter.compiler.little;
  const place = `const p = d${id}, q = p + 4, l = v.getUint16(p, ${little});`;
  return `if (d${id} >= 0) { ${place} ${emitGeneral(emitter, attribute)} }`;
}

function compileStruct(struct: StructModel, compiler: Compiler): StructFunction {
  // Rare, and all loop: nothing to gain.
  if (struct.rest !== undefined) return (c, start, end) => interpretStruct(c, struct, start, end);
  const emitter = new Emitter(compiler);
  const { size } = struct;
  const members = struct.members.map(
    (member) =>
      `${quote(member.key)}: ${emitMember(emitter, member.value, member.offset, member.size)}`,
  );
  const tail = `"tail": e - s > ${size} ? b.slice(s + ${size}, e) : undefined`;
  emitter.lines.push(
    'const b = c.bytes, v = c.view;',
    `if (e - s < ${digits(size)}) return R.shortStruct(c, ${emitter.constant(struct)}, s, e);`,
    `return { ${[...members, tail].join(', ')} };`,
  );
  return emitter.finish('c, s, e');
}

function emitMember(emitter: Emitter, value: Value, offset: number, size: number): string {
  const [at, end] = [`s + ${digits(offset)}`, `s + ${digits(offset + size)}`];
  switch (value.kind) {
    case 'integer':
      return emitInteger(emitter, value, at);
    case 'struct':
      return `${emitter.constant(emitter.compiler.struct(value.struct))}.call(c, ${at}, ${end})`;
    case 'text':
      return `R.readText(b, ${at}, ${end})`;
    case 'address':
      return `R.readAddress(b, ${at}, ${end}, ${quote(value.hint)})`;
    default:
      return `b.slice(${at}, ${end})`;
  }
}
