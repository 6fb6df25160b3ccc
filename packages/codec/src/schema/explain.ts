/** A message as a tree with byte ranges: what each of its bytes is. For people, and for pages that show hex. */
import { NLMSG_DONE, NLMSG_ERROR, NLMSG_MIN_TYPE } from '../netlink/control.js';
import { NLM_F_REQUEST } from '../netlink/flags.js';
import type { NetlinkMessage } from '../netlink/split.js';
import type { Endian } from '../wire/endian.js';
import { NLMSG_HDRLEN } from '../wire/nlmsg.js';
import { makeContext, sourceOf } from './context.js';
import type { Families } from './decode.js';
import { ackNodes } from './explain-ack.js';
import { type Explaining, restNode } from './explain-attributes.js';
import { messageHeaderNode } from './explain-header.js';
import { type ExplainNode, nodeAt, type Stretch } from './explain-node.js';
import { explainOperation } from './explain-operation.js';
import { interpreted } from './interpret.js';
import { controlNames } from './message-json.js';

/**
 * Says of every byte of a message what it is. Each belongs to one leaf; leaves are in order. Faults are
 * notes of the nodes where they stand, and the same limits hold as in decoding.
 * Any bytes are safe: never throws.
 */
export function explainMessage(
  families: Families,
  message: NetlinkMessage,
  options: { readonly endian?: Endian } = {},
): ExplainNode {
  const { bytes, offset } = message;
  // The engine is the one that tells where each value stands; faults are found again along the way.
  const context = makeContext(sourceOf(bytes), {
    ...options,
    engine: interpreted,
    base: offset,
    problems: [],
  });
  const place = { start: 0, end: bytes.length };
  if (bytes.length < NLMSG_HDRLEN) return shortMessage({ ...context, request: false }, place);
  const flags = context.view.getUint16(6, context.little);
  const explaining = { ...context, request: (flags & NLM_F_REQUEST) !== 0 };
  const type = context.view.getUint16(4, context.little);
  if (type >= NLMSG_MIN_TYPE) return explainOperation(explaining, families, place);
  return controlMessage(explaining, families, { type, flags });
}

/** No message that `splitMessages` gives; whoever made it by hand is told. */
function shortMessage(explaining: Explaining, place: Stretch): ExplainNode {
  const note = `truncated: ${place.end} of ${NLMSG_HDRLEN} bytes`;
  const children = [messageHeaderNode(explaining, place, undefined)];
  return nodeAt(explaining, place, { name: 'message', note, children });
}

function controlMessage(
  explaining: Explaining,
  families: Families,
  { type, flags }: { readonly type: number; readonly flags: number },
): ExplainNode {
  const place = { start: 0, end: explaining.bytes.length };
  const isAck = type === NLMSG_ERROR || type === NLMSG_DONE;
  const body = { start: NLMSG_HDRLEN, end: place.end };
  const children = [messageHeaderNode(explaining, place, isAck ? 'ack' : undefined)];
  if (isAck) children.push(...ackNodes(explaining, families, { type, flags, place: body }));
  else if (body.end > body.start) children.push(restNode(explaining, body, 'trailing bytes'));
  const name = controlNames[type] ?? `control-${type}`;
  return nodeAt(explaining, place, { name, type: 'netlink', children });
}
