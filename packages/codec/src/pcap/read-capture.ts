import { CaptureError, requireBytes } from './capture-error.js';
import type { CapturedDatagram, CapturedPacket, SkippedPacket } from './captured.js';
import { datagramOf } from './cooked.js';
import { isPcap, pcapPackets } from './read-pcap.js';
import { isPcapng, pcapngPackets } from './read-pcapng.js';

export interface ReadCaptureOptions {
  /** Told of each packet that is no netlink; they are passed over in silence otherwise. */
  readonly onSkipped?: (packet: SkippedPacket) => void;
}

/**
 * The netlink datagrams of a pcap or pcapng file, in the file's order. pcap: times in µs or ns, both byte
 * orders. pcapng: several sections and interfaces; simple, enhanced and obsolete packet blocks.
 * Linear in the file's size; the datagrams are views of it, and nothing is allocated by a length it claims.
 *
 * @throws CaptureError at the first thing that cannot be; the datagrams before it have been yielded by then.
 */
export function* readCapture(
  file: Uint8Array,
  options: ReadCaptureOptions = {},
): Generator<CapturedDatagram, void, undefined> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (const packet of packets(view)) {
    const datagram = datagramOf(view, packet);
    if (datagram !== undefined) yield datagram;
    else options.onSkipped?.({ offset: packet.offset, linkType: packet.linkType });
  }
}

function packets(view: DataView): Generator<CapturedPacket, void> {
  requireBytes(view, 0, 4, "a capture's magic number");
  if (isPcapng(view)) return pcapngPackets(view);
  if (isPcap(view, true)) return pcapPackets(view, true);
  if (isPcap(view, false)) return pcapPackets(view, false);
  const magic = view.getUint32(0).toString(16).padStart(8, '0');
  throw new CaptureError('FORMAT', 0, `neither pcap nor pcapng begins with ${magic}`);
}
