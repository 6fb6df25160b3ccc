/** Message flags, `<linux/netlink.h>`. What the upper byte means depends on the kind of message. */
export const NLM_F_REQUEST = 0x01;
/** Multipart message, ended by NLMSG_DONE. */
export const NLM_F_MULTI = 0x02;
/** Reply with an acknowledgement, with zero or an error code. */
export const NLM_F_ACK = 0x04;
/** Send the resulting notification to the requester too. */
export const NLM_F_ECHO = 0x08;
/** The dump was inconsistent: the table changed while it was read (K20). */
export const NLM_F_DUMP_INTR = 0x10;
/** The dump was filtered as the request asked. */
export const NLM_F_DUMP_FILTERED = 0x20;

// Modifiers to GET requests
export const NLM_F_ROOT = 0x100;
export const NLM_F_MATCH = 0x200;
export const NLM_F_ATOMIC = 0x400;
// #define NLM_F_DUMP (NLM_F_ROOT|NLM_F_MATCH)
export const NLM_F_DUMP = 0x300;

// Modifiers to NEW requests
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
export const NLM_F_APPEND = 0x800;

// Modifiers to DELETE requests
export const NLM_F_NONREC = 0x100;
export const NLM_F_BULK = 0x200;

// Flags for ACK messages
/** The request was capped: only its header is in the acknowledgement. */
export const NLM_F_CAPPED = 0x100;
/** Extended acknowledgement attributes follow. */
export const NLM_F_ACK_TLVS = 0x200;

/** What the upper byte of the flags means. */
export type FlagContext = 'get' | 'new' | 'delete' | 'ack';

const common: readonly (readonly [number, string])[] = [
  [NLM_F_REQUEST, 'request'],
  [NLM_F_MULTI, 'multi'],
  [NLM_F_ACK, 'ack'],
  [NLM_F_ECHO, 'echo'],
  [NLM_F_DUMP_INTR, 'dump-intr'],
  [NLM_F_DUMP_FILTERED, 'dump-filtered'],
];

const upper: Readonly<Record<FlagContext, readonly (readonly [number, string])[]>> = {
  get: [
    [NLM_F_ROOT, 'root'],
    [NLM_F_MATCH, 'match'],
    [NLM_F_ATOMIC, 'atomic'],
  ],
  new: [
    [NLM_F_REPLACE, 'replace'],
    [NLM_F_EXCL, 'excl'],
    [NLM_F_CREATE, 'create'],
    [NLM_F_APPEND, 'append'],
  ],
  delete: [
    [NLM_F_NONREC, 'nonrec'],
    [NLM_F_BULK, 'bulk'],
  ],
  ack: [
    [NLM_F_CAPPED, 'capped'],
    [NLM_F_ACK_TLVS, 'ack-tlvs'],
  ],
};

/**
 * Names of the bits in `nlmsg_flags`, lower case without `NLM_F_`; bits without a name come as one
 * `0x…` at the end. Upper bits are read only where the message kind gives them a meaning.
 */
export function messageFlagNames(flags: number, context?: FlagContext): string[] {
  const rows = context === undefined ? common : [...common, ...upper[context]];
  const names: string[] = [];
  let rest = flags;
  for (const [bit, name] of rows) {
    if ((rest & bit) === 0) continue;
    names.push(name);
    rest &= ~bit;
  }
  if (rest !== 0) names.push(`0x${rest.toString(16)}`);
  return names;
}
