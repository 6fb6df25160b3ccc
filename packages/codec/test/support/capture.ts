import { hexBytes } from '@lw/codec';
import {
  type CapturedDatagram,
  CaptureError,
  readCapture,
  type SkippedPacket,
} from '@lw/codec/pcap';

/** Bytes from a layout: hex digits with free spaces, one field a row, `# comment` to the end of the row. */
export function layout(text: string): Uint8Array {
  const bytes = hexBytes(text.replaceAll(/#.*|\s/g, ''));
  if (bytes === undefined) throw new Error('the layout has an odd number of digits, or others');
  return bytes;
}

export function concat(pieces: Iterable<Uint8Array>): Uint8Array {
  return Uint8Array.from([...pieces].flatMap((piece) => [...piece]));
}

/** What reading a file gives, fault included; any other error is thrown on. */
export interface Reading {
  readonly datagrams: CapturedDatagram[];
  readonly skipped: SkippedPacket[];
  readonly fault?: { readonly code: string; readonly offset: number };
}

export function read(file: Uint8Array): Reading {
  const datagrams: CapturedDatagram[] = [];
  const skipped: SkippedPacket[] = [];
  try {
    for (const datagram of readCapture(file, { onSkipped: (packet) => skipped.push(packet) }))
      datagrams.push(datagram);
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    return { datagrams, skipped, fault: { code: error.code, offset: error.offset } };
  }
  return { datagrams, skipped };
}
