/** Acknowledgements as nodes: the error number, the request that came back, the extended acknowledgement. */
import { attributePath, extackModel } from '../netlink/ack.js';
import { NLMSG_DONE, NLMSG_MIN_TYPE } from '../netlink/control.js';
import { errnoName, errnoText } from '../netlink/errno.js';
import { NLM_F_ACK_TLVS, NLM_F_CAPPED } from '../netlink/flags.js';
import { NLMSG_HDRLEN, nlmsgAlign } from '../wire/nlmsg.js';
import { sourceOf } from './context.js';
import { type Families, operationAt } from './decode.js';
import { type Explaining, restNode } from './explain-attributes.js';
import { messageHeaderNode } from './explain-header.js';
import { type ExplainNode, nodeAt, paddingNodes, type Stretch } from './explain-node.js';
import { explainOperation } from './explain-operation.js';
import { explainSet } from './explain-value.js';
import { contextOf } from './message-json.js';

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
    type === NLMSG_DONE ? [] : requestNodes(explaining, families, { type, flags, place: behind });
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

/** The request: its header alone when it was capped, the whole of it otherwise. */
function requestNodes(
  explaining: Explaining,
  families: Families,
  { flags, place }: AckPlace,
): ExplainNode[] {
  const { start, end } = place;
  if (end - start < NLMSG_HDRLEN) {
    const note = `truncated: ${end - start} of ${NLMSG_HDRLEN} bytes`;
    return [
      nodeAt(explaining, place, {
        name: 'request',
        note,
        children: [messageHeaderNode(explaining, place, undefined)],
      }),
    ];
  }
  const length = explaining.view.getUint32(start, explaining.little);
  const capped = (flags & NLM_F_CAPPED) !== 0;
  if (capped || length <= NLMSG_HDRLEN)
    return [requestHeader(explaining, families, { start, end })];
  if (length > end - start) {
    return [
      {
        ...wholeRequest(explaining, families, place),
        note: `truncated: nlmsg_len is ${length}, ${end - start} bytes are left`,
      },
    ];
  }
  const behind = start + length;
  const aligned = Math.min(end, start + nlmsgAlign(length));
  return [
    wholeRequest(explaining, families, { start, end: behind }),
    ...paddingNodes(explaining, { start: behind, end: aligned }),
  ];
}

function requestHeader(
  explaining: Explaining,
  families: Families,
  { start }: Stretch,
): ExplainNode {
  const place = { start, end: start + NLMSG_HDRLEN };
  const operation = operationAt(families, explaining, {
    at: start,
    end: place.end,
    little: explaining.little,
  });
  const children = [messageHeaderNode(explaining, place, contextOf(operation))];
  const length = explaining.view.getUint32(start, explaining.little);
  const note = length < NLMSG_HDRLEN ? { note: `nlmsg_len is ${length}` } : {};
  return nodeAt(explaining, place, { name: 'request', type: 'nlmsghdr', ...note, children });
}

/** An acknowledgement inside of one is not entered: hostile bytes could nest them without end. */
function wholeRequest(explaining: Explaining, families: Families, place: Stretch): ExplainNode {
  const type = explaining.view.getUint16(place.start + 4, explaining.little);
  if (type >= NLMSG_MIN_TYPE) {
    const { name, ...node } = explainOperation({ ...explaining, request: true }, families, place);
    return { ...node, name: 'request', value: name };
  }
  const body = { start: place.start + NLMSG_HDRLEN, end: place.end };
  const children = [messageHeaderNode(explaining, place, undefined)];
  if (body.end > body.start)
    children.push(restNode(explaining, body, 'a control message, not entered'));
  return nodeAt(explaining, place, { name: 'request', children });
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
