/** Numbering of operations: unified (one number for request and reply) or directional (one row for each way). */
import type { OperationTable } from '../schema/table.js';
import type { SpecNode } from './node.js';

interface Numbers {
  readonly request?: number;
  readonly reply?: number;
}

export function operationTables(node: SpecNode): OperationTable[] {
  const defaults = node.optionalText('fixed-header');
  const directional = node.text('enum-model', 'unified') === 'directional';
  const rows = node.children('list');
  const numbers = directional ? directionalNumbers(rows) : unifiedNumbers(rows);
  const byName = new Map(rows.map((row) => [row.text('name'), row]));
  return rows.map((row, index) => operationTable(row, numbers[index] as Numbers, defaults, byName));
}

function operationTable(
  row: SpecNode,
  numbers: Numbers,
  defaultHeader: string | undefined,
  byName: ReadonlyMap<string, SpecNode>,
): OperationTable {
  const notify = row.optionalText('notify');
  const isEvent = notify !== undefined || row.optional('event') !== undefined;
  const set =
    row.optionalText('attribute-set') ??
    (notify === undefined ? undefined : byName.get(notify)?.optionalText('attribute-set'));
  const header = row.optionalText('fixed-header') ?? defaultHeader;
  return {
    name: row.text('name'),
    ...(set === undefined ? {} : { set }),
    ...(header === undefined ? {} : { header }),
    ...numbers,
    ...(row.optional('do') === undefined ? {} : { do: true }),
    ...(row.optional('dump') === undefined ? {} : { dump: true }),
    ...(isEvent ? { notify: true } : {}),
    ...whenOf(row),
  };
}

/** Our one addition to YNL: an operation chosen by a member of the fixed header. */
function whenOf(row: SpecNode): Pick<OperationTable, 'when'> {
  if (row.optional('x-when') === undefined) return {};
  const when = row.child('x-when');
  return { when: { member: when.text('member'), value: when.number('value') } };
}

function isNotification(row: SpecNode): boolean {
  return row.optional('notify') !== undefined || row.optional('event') !== undefined;
}

function unifiedNumbers(rows: readonly SpecNode[]): Numbers[] {
  let next = 1;
  return rows.map((row) => {
    const value = row.number('value', next);
    next = value + 1;
    return isNotification(row) ? { reply: value } : { request: value, reply: value };
  });
}

function directionalNumbers(rows: readonly SpecNode[]): Numbers[] {
  let [request, reply] = [1, 1];
  return rows.map((row) => {
    if (isNotification(row)) {
      reply = row.number('value', reply);
      return { reply: reply++ };
    }
    const mode = row.optional('do') === undefined ? row.child('dump') : row.child('do');
    request = part(mode, 'request')?.number('value', request) ?? request;
    const answer = part(mode, 'reply');
    reply = answer?.number('value', reply) ?? reply;
    // An operation without a reply uses no number of the replies.
    return answer === undefined ? { request: request++ } : { request: request++, reply: reply++ };
  });
}

function part(mode: SpecNode, key: 'request' | 'reply'): SpecNode | undefined {
  if (mode.optional(key) === undefined) return undefined;
  const node = mode.child(key);
  return node.isMapping ? node : undefined;
}
