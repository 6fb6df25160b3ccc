/** Acknowledgements as nodes: the error number, the request that came back, the extended acknowledgement. */
import { attributePath, extackModel } from '../netlink/ack.js';
import { NLMSG_DONE } from '../netlink/control.js';
import { errnoName, errnoText } from '../netlink/errno.js';
import { NLM_F_ACK_TLVS } from '../netlink/flags.js';
import { NLMSG_HDRLEN } from '../wire/nlmsg.js';
import { sourceOf } from './context.js';
import { type Families, operationAt } from './decode.js';
import { type Explaining, restNode } from './explain-attributes.js';
import { type ExplainNode, nodeAt, type Stretch } from './explain-node.js';
import { requestNodes } from './explain-request.js';
import { explainSet } from './explain-value.js';

export interface AckPlace {
  readonly type: number;
  readonly flags: number;
  /** Behind the message's header. */
  readonly place: Stretch;
}

/** sizeof(int): the error number, with which both kinds of acknowledgement begin. */
const errnoBytes = 4;

/** struct nlmsgerr { int error; struct nlmsghdr msg; … }; NLMSG_DONE has the number alone (K21). */
export function ackNodes(
  explaining: Explaining,
  families: Families,
  { type, flags, place }: AckPlace,
): ExplainNode[] {
  const { start, end } = place;
  if (start >= end && type === NLMSG_DONE) return [];
  if (end - start < errnoBytes) {
    const note = `truncated: ${end - start} of ${errnoBytes} bytes`;
    return [{ ...restNode(explaining, place, note), name: 'errno' }];
  }
  const behind = { start: start + errnoBytes, end };
  const request =
    type === NLMSG_DONE ? [] : requestNodes(explaining, families, { flags, place: behind });
  const last = request.at(-1);
  const at = last === undefined ? behind.start : last.end - explaining.base;
  const asked = { start: behind.start, end: (request[0]?.end ?? 0) - explaining.base };
  const pathOf = pathsIn(explaining, families, asked);
  const attrs = extackNodes(explaining, flags, { start: at, end }, pathOf);
  return [errnoNode(explaining, { start, end: behind.start }), ...request, ...attrs];
}

function errnoNode(explaining: Explaining, place: Stretch): ExplainNode {
  const errno = Math.abs(explaining.view.getInt32(place.start, explaining.little));
  const note = errno === 0 ? {} : { note: `${errnoName(errno)}: ${errnoText(errno)}` };
  return nodeAt(explaining, place, {
    name: 'errno',
    cName: 'error',
    type: 's32',
    value: errno,
    ...note,
  });
}

function extackNodes(
  explaining: Explaining,
  flags: number,
  place: Stretch,
  pathOf: PathOf,
): ExplainNode[] {
  if (place.start >= place.end) return [];
  if ((flags & NLM_F_ACK_TLVS) === 0) return [restNode(explaining, place, 'trailing bytes')];
  const nodes = explainSet(explaining, extackModel().set, { ...place, depth: 0, outer: undefined });
  const told = new Set<string>();
  const children = nodes.map((node) => {
    // The first of each: a path costs a walk, and hostile bytes hold thousands of offsets.
    if (told.has(node.name)) return node;
    told.add(node.name);
    return withPath(node, pathOf);
  });
  return [nodeAt(explaining, place, { name: 'extack', type: 'nest nlmsgerr-attrs', children })];
}

/** YNL path of the attribute that stands some bytes into the request. */
type PathOf = (offset: number) => string | undefined;

/** Offsets into the request are told as what stands there. */
function withPath(node: ExplainNode, pathOf: PathOf): ExplainNode {
  const isOffset = node.name === 'offs' || node.name === 'miss-nest';
  if (!isOffset || typeof node.value !== 'number' || node.note !== undefined) return node;
  const path = pathOf(node.value);
  return path === undefined ? node : { ...node, note: `points at ${path}` };
}

function pathsIn(explaining: Explaining, families: Families, place: Stretch): PathOf {
  const { bytes, little } = explaining;
  const request = bytes.subarray(place.start, place.end);
  if (request.length <= NLMSG_HDRLEN) return () => undefined;
  const inside = { at: 0, end: request.length, little };
  const operation = operationAt(families, sourceOf(request), inside);
  const endian = little ? 'little' : 'big';
  return (offset) => operation && attributePath(operation, request, offset, endian);
}
