import { NLMSG_HDRLEN } from '../wire/nlmsg.js';
import { type Families, operationAt } from './decode.js';
import { type Explaining, restNode } from './explain-attributes.js';
import { genericHeaderNodes, messageHeaderNode } from './explain-header.js';
import { type ExplainNode, nodeAt, paddingNodes, type Stretch } from './explain-node.js';
import { explainSet, headerNodes } from './explain-value.js';
import type { Operation } from './family.js';
import { contextOf } from './message-json.js';

/** A message of some family's operation, or of none that is known. At least its header is there. */
export function explainOperation(
  explaining: Explaining,
  families: Families,
  place: Stretch,
): ExplainNode {
  const { view, little } = explaining;
  const operation = operationAt(families, explaining, { at: place.start, end: place.end, little });
  const header = messageHeaderNode(explaining, place, contextOf(operation));
  if (operation !== undefined) {
    const children = [header, ...bodyNodes(explaining, operation, place)];
    return nodeAt(explaining, place, {
      name: operation.name,
      type: operation.family.name,
      children,
    });
  }
  const body = { start: place.start + NLMSG_HDRLEN, end: place.end };
  const rest = body.end > body.start ? [restNode(explaining, body, 'unknown')] : [];
  const type = view.getUint16(place.start + 4, little);
  const note = `no family here knows message type ${type}`;
  return nodeAt(explaining, place, { name: `type ${type}`, note, children: [header, ...rest] });
}

function bodyNodes(explaining: Explaining, operation: Operation, place: Stretch): ExplainNode[] {
  const { family, model } = operation;
  const plan = operation.plan(explaining.little);
  const at = (offset: number): number => Math.min(place.end, place.start + offset);
  const generic = { start: at(NLMSG_HDRLEN), end: at(plan.headerOffset) };
  const header = { start: generic.end, end: at(plan.headerOffset + plan.headerSize) };
  const attrs = { start: at(plan.attrsOffset), end: place.end };
  return [
    ...(family.generic ? genericHeaderNodes(explaining, generic) : []),
    ...(model.header === undefined ? [] : headerNodes(explaining, model.header, header)),
    ...paddingNodes(explaining, { start: header.end, end: attrs.start }),
    ...attrsNodes(explaining, operation, attrs),
  ];
}

function attrsNodes(explaining: Explaining, { model }: Operation, place: Stretch): ExplainNode[] {
  if (model.set !== undefined) {
    return explainSet(explaining, model.set, { ...place, depth: 0, outer: undefined });
  }
  return place.end > place.start ? [restNode(explaining, place, 'trailing bytes')] : [];
}
