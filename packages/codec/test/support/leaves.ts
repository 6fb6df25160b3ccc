import type { ExplainNode } from '@lw/codec';

/** What is wrong with a tree's ranges; '' when its leaves follow each other from its start to its end. */
export function uncovered(root: ExplainNode): string {
  const leaves = leavesOf(root);
  let at = root.start;
  for (const { name, start, end } of leaves) {
    if (start !== at || end < start) return `${name} is [${start}, ${end}), ${at} comes next`;
    at = end;
  }
  return at === root.end ? '' : `the leaves end at ${at}, the message at ${root.end}`;
}

/** An empty nest is no leaf: it has no bytes of its own. */
function leavesOf(node: ExplainNode): ExplainNode[] {
  return node.children === undefined ? [node] : node.children.flatMap(leavesOf);
}
