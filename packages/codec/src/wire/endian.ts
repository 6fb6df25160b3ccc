/**
 * Byte order of the host that made the bytes. Netlink is host order; every machine that matters today
 * is little-endian, captures of others exist.
 */
export type Endian = 'little' | 'big';
