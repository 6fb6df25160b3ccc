/**
 * What a transport hands over in one call: many datagrams in one slab, described by rows of int32.
 * The native binding, its later ring and every fake fill the same rows (struct Record in
 * native/receive_batch.h), and nothing is copied or allocated for a datagram.
 */
export interface DatagramBatch {
  /** Number of rows. */
  readonly count: number;
  /** The datagrams' bytes; overwritten by the next batch. */
  readonly slab: Uint8Array;
  /** `count` rows of {@link recordColumns} numbers. */
  readonly records: Int32Array;
}

/** Numbers in a row. */
export const recordColumns = 7;
/** Columns of a row. */
export const OFFSET = 0;
export const LENGTH = 1;
export const PORT_ID = 2;
export const GROUP = 3;
export const NSID = 4;
export const FLAGS = 5;
/** True length of a cut datagram; total of dropped messages at an overrun (-1: not known); errno of a failure. */
export const DETAIL = 6;

/** The slab held too little for this datagram: what stands there must not be decoded (K26). */
export const FLAG_TRUNCATED = 1;
/** Not a datagram: the kernel dropped messages. Older ones may still follow (K18). */
export const FLAG_OVERRUN = 2;
/** Not a datagram: the socket can not be read any more. */
export const FLAG_FAILED = 4;

/** Offsets of datagrams in a slab are multiples of this, so that 64-bit typed arrays can read them. */
const slabAlignment = 8;

/** One datagram with what the kernel said about it. */
export interface Datagram {
  /** A view of the slab: valid until the next batch. */
  readonly bytes: Uint8Array;
  /** Port id of the sender; 0 is the kernel. */
  readonly portId: number;
  /** Multicast group it was sent to; absent for unicast. */
  readonly group?: number;
  /** Id of the namespace that it speaks of; absent for our own. */
  readonly nsid?: number;
  /** Present when `bytes` is cut: the datagram's true length in bytes. */
  readonly truncatedFrom?: number;
}

/** A row that is no datagram. `dropped` counts from the socket's opening. */
export type Notice =
  | { readonly kind: 'overrun'; readonly dropped?: number }
  | { readonly kind: 'failed'; readonly errno: number };

/** The datagram of row `index`, or undefined when that row is a notice. */
export function datagramAt(batch: DatagramBatch, index: number): Datagram | undefined {
  const { records, slab } = batch;
  const row = index * recordColumns;
  const flags = at(records, row + FLAGS);
  if ((flags & (FLAG_OVERRUN | FLAG_FAILED)) !== 0) return undefined;
  const offset = at(records, row + OFFSET);
  const group = at(records, row + GROUP);
  const nsid = at(records, row + NSID);
  return {
    bytes: slab.subarray(offset, offset + at(records, row + LENGTH)),
    portId: at(records, row + PORT_ID) >>> 0,
    ...(group === 0 ? {} : { group }),
    ...(nsid < 0 ? {} : { nsid }),
    ...(flags & FLAG_TRUNCATED ? { truncatedFrom: at(records, row + DETAIL) } : {}),
  };
}

/** A batch of these rows in a slab of its own: how simulators and recordings speak. */
export function batchOf(rows: readonly (Datagram | Notice)[]): DatagramBatch {
  const records = new Int32Array(rows.length * recordColumns);
  let length = 0;
  for (const row of rows) if ('bytes' in row) length += aligned(row.bytes.length);
  const slab = new Uint8Array(length);
  let offset = 0;
  rows.forEach((row, index) => {
    const record = records.subarray(index * recordColumns);
    if (!('bytes' in row)) {
      writeNotice(record, row);
      return;
    }
    slab.set(row.bytes, offset);
    writeDatagram(record, row, offset);
    offset += aligned(row.bytes.length);
  });
  return { count: rows.length, slab, records };
}

function writeNotice(record: Int32Array, notice: Notice): void {
  record[NSID] = -1;
  record[FLAGS] = notice.kind === 'overrun' ? FLAG_OVERRUN : FLAG_FAILED;
  record[DETAIL] = notice.kind === 'overrun' ? (notice.dropped ?? -1) : notice.errno;
}

function writeDatagram(record: Int32Array, datagram: Datagram, offset: number): void {
  record[OFFSET] = offset;
  record[LENGTH] = datagram.bytes.length;
  record[PORT_ID] = datagram.portId;
  record[GROUP] = datagram.group ?? 0;
  record[NSID] = datagram.nsid ?? -1;
  record[FLAGS] = datagram.truncatedFrom === undefined ? 0 : FLAG_TRUNCATED;
  record[DETAIL] = datagram.truncatedFrom ?? 0;
}

function aligned(length: number): number {
  return (length + slabAlignment - 1) & ~(slabAlignment - 1);
}

/** Rows lie inside the array by construction; the fallback only satisfies the type. */
function at(records: Int32Array, index: number): number {
  return records[index] ?? 0;
}
