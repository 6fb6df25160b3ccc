/** `@lw/codec/pcap`: captures of netlink in pcap and pcapng, as tcpdump, Wireshark and `lw record` make them. */

export type { CaptureErrorCode } from './pcap/capture-error.js';
export { CaptureError } from './pcap/capture-error.js';
export type { CapturedDatagram, SkippedPacket } from './pcap/captured.js';
export { LINKTYPE_LINUX_SLL, LINKTYPE_NETLINK } from './pcap/cooked.js';
export type { ReadCaptureOptions } from './pcap/read-capture.js';
export { readCapture } from './pcap/read-capture.js';
export { pcapHeader, pcapPacket, writePcap } from './pcap/write-pcap.js';
export { pcapngHeader, pcapngPacket, writePcapng } from './pcap/write-pcapng.js';
