/** The request that an acknowledgement answers, as nodes. */
import { NLMSG_MIN_TYPE } from '../netlink/control.js';
import { NLM_F_CAPPED } from '../netlink/flags.js';
import { NLMSG_HDRLEN, nlmsgAlign } from '../wire/nlmsg.js';
import { type Families, operationAt } from './decode.js';
import { type Explaining, restNode } from './explain-attributes.js';
import { messageHeaderNode } from './explain-header.js';
import { type ExplainNode, nodeAt, paddingNodes, type Stretch } from './explain-node.js';
import { explainOperation } from './explain-operation.js';
import { contextOf } from './message-json.js';

/** The request: its header alone when it was capped, the whole of it otherwise. */
export function requestNodes(
  explaining: Explaining,
  families: Families,
  { flags, place }: { readonly flags: number; readonly place: Stretch },
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
