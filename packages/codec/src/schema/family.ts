import { NETLINK_GENERIC } from '../netlink/protocols.js';
import { NLMSG_HDRLEN, nlmsgAlign } from '../wire/nlmsg.js';
import type { Engine, Holder, SetFunction, StructFunction } from './context.js';
import { canCompile, compiledEngine } from './emit.js';
import { interpreted } from './interpret.js';
import { linkFamily } from './link-family.js';
import type { FamilyModel, OperationModel } from './model.js';
import type { FamilyTable, OperationTable } from './table.js';

/** Offsets in a message of an operation, and the functions that read its parts. */
export interface DecodePlan {
  readonly engine: Engine;
  /** Bytes from the message's start to its fixed header. */
  readonly headerOffset: number;
  readonly headerSize: number;
  /** Bytes from the message's start to its attributes. */
  readonly attrsOffset: number;
  readonly header: Holder<StructFunction> | undefined;
  readonly attrs: Holder<SetFunction> | undefined;
}

/** struct genlmsghdr { __u8 cmd; __u8 version; __u16 reserved; } */
export const GENL_HDRLEN = 4;

/** The static types of an operation: what a request takes and what a reply holds. */
export interface OperationTypes {
  readonly header: object;
  readonly attrs: object;
  readonly replyHeader: object;
  readonly replyAttrs: object;
}

/** One operation of a family, such as `rtLink.ops.getlink`; carries its types for `do` and `dump`. */
export interface Operation<T extends OperationTypes = OperationTypes> {
  readonly family: Family;
  /** YNL name. */
  readonly name: string;
  /** Message type of its requests; in generic netlink the command. Absent for notifications. */
  readonly request: number | undefined;
  /** Message type (command) of its replies or notifications. */
  readonly reply: number | undefined;
  readonly model: OperationModel;
  /** How its messages are decoded, for hosts of either byte order. */
  plan(little: boolean): DecodePlan;
  /** Never set: a place for the types. */
  readonly types?: T;
}

export type Operations = Readonly<Record<string, Operation>>;

/** A family ready for use: its tables, its operations by YNL name, its engines. */
export interface Family<Ops = Operations> {
  readonly name: string;
  /** NETLINK_ROUTE, NETLINK_GENERIC, … */
  readonly protocol: number;
  /** Messages carry a generic netlink header, and their type is an id given at run time. */
  readonly generic: boolean;
  readonly ops: Ops;
  readonly model: FamilyModel;
  /** The operation that a received message of this type (command) belongs to. */
  received(type: number, message: ReceivedMessage): Operation | undefined;
  engine(little: boolean): Engine;
}

/** What tells operations with one message type apart. */
export interface ReceivedMessage {
  readonly view: DataView;
  /** Where the fixed header begins, and where the message ends. */
  readonly headerAt: number;
  readonly end: number;
  /** NLM_F_REQUEST is set. */
  readonly request: boolean;
}

export interface FamilyOptions {
  /** `auto`: compiled where the place allows it. */
  readonly engine?: 'auto' | 'compiled' | 'interpreted';
}

/**
 * Makes a family of its tables; cheap, everything is linked and compiled at first use.
 * `Ops` are the static types of its operations, as generated beside the tables.
 */
export function defineFamily<Ops = Operations>(
  table: FamilyTable,
  options: FamilyOptions = {},
): Family<Ops> {
  const model = linkFamily(table);
  const engines = new Map<boolean, Engine>();
  const family: Family = {
    name: table.name,
    protocol: table.protocol,
    generic: table.protocol === NETLINK_GENERIC,
    ops: {},
    model,
    received: (type, message) => dispatch()(type, message),
    engine(little) {
      const known = engines.get(little);
      if (known !== undefined) return known;
      const fresh = chooseEngine(options.engine ?? 'auto', little);
      engines.set(little, fresh);
      return fresh;
    },
  };
  const ops = Object.fromEntries(table.operations.map((row) => [row.name, operation(family, row)]));
  let dispatcher: Dispatcher | undefined;
  const dispatch = (): Dispatcher => {
    dispatcher ??= makeDispatcher(Object.values(ops));
    return dispatcher;
  };
  return Object.assign(family, { ops }) as unknown as Family<Ops>;
}

function chooseEngine(wanted: 'auto' | 'compiled' | 'interpreted', little: boolean): Engine {
  if (wanted === 'interpreted') return interpreted;
  return wanted === 'compiled' || canCompile() ? compiledEngine(little) : interpreted;
}

function operation(family: Family, row: OperationTable): Operation {
  let model: OperationModel | undefined;
  const plans: Partial<Record<'little' | 'big', DecodePlan>> = {};
  const made: Operation = {
    family,
    name: row.name,
    request: row.request,
    reply: row.reply,
    get model() {
      model ??= family.model.operation(row);
      return model;
    },
    plan(little) {
      const key = little ? 'little' : 'big';
      plans[key] ??= makePlan(made, family.engine(little));
      return plans[key];
    },
  };
  return made;
}

function makePlan(operation: Operation, engine: Engine): DecodePlan {
  const { header, set } = operation.model;
  const headerOffset = NLMSG_HDRLEN + (operation.family.generic ? GENL_HDRLEN : 0);
  const headerSize = header?.size ?? 0;
  return {
    engine,
    headerOffset,
    headerSize,
    attrsOffset: headerOffset + nlmsgAlign(headerSize),
    header: header && engine.struct(header),
    attrs: set && engine.set(set),
  };
}

type Dispatcher = Family['received'];

/**
 * Message type to operation. Several share a reply type (getlink's reply, newlink's notification and the
 * newlink request are all 16): the one named after the type comes first, then notifications, then replies.
 */
function makeDispatcher(operations: readonly Operation[]): Dispatcher {
  const requests = groupBy(operations, (op) => (isNotify(op) ? undefined : op.request));
  const replies = groupBy(operations, (op) => op.reply);
  for (const [type, candidates] of replies) {
    candidates.unshift(...(sharesTypes(operations) ? (requests.get(type) ?? []) : []));
    candidates.sort((a, b) => rank(a, type) - rank(b, type));
  }
  if (sharesTypes(operations)) {
    for (const [type, candidates] of requests)
      if (!replies.has(type)) replies.set(type, candidates);
  }
  return (type, message) => {
    const { request } = message;
    const candidates = (request ? requests.get(type) : undefined) ?? replies.get(type);
    if (candidates === undefined) return request ? undefined : requests.get(type)?.[0];
    return candidates.length === 1 ? candidates[0] : choose(candidates, message);
  };
}

function isNotify(op: Operation): boolean {
  return op.model.table.notify === true;
}

/** rtnetlink and netfilter number requests and replies in one space; generic netlink may keep two. */
function sharesTypes(operations: readonly Operation[]): boolean {
  return operations[0]?.family.generic === false;
}

function rank(op: Operation, type: number): number {
  if (op.model.table.when !== undefined) return 0;
  if (op.request === type && !isNotify(op)) return 1;
  return isNotify(op) ? 2 : 3;
}

function choose(
  candidates: readonly Operation[],
  { view, headerAt, end }: ReceivedMessage,
): Operation | undefined {
  return candidates.find((op) => {
    const { when } = op.model.table;
    if (when === undefined) return true;
    const member = op.model.header?.members.find((m) => m.name === when.member);
    const at = headerAt + (member?.offset ?? 0);
    return member !== undefined && at < end && view.getUint8(at) === when.value;
  });
}

function groupBy(
  operations: readonly Operation[],
  key: (op: Operation) => number | undefined,
): Map<number, Operation[]> {
  const groups = new Map<number, Operation[]>();
  for (const op of operations) {
    const type = key(op);
    if (type === undefined) continue;
    const group = groups.get(type);
    if (group === undefined) groups.set(type, [op]);
    else group.push(op);
  }
  return groups;
}
