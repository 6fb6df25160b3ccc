import type { Endian } from '../wire/endian.js';
import { NLMSG_HDRLEN } from '../wire/nlmsg.js';

/**
 * Byte order of the messages at `start`: that of the file, unless the first `nlmsg_len` fits its datagram in
 * the other order only. Messages keep the order of the machine that sent them, and the tools that save a
 * capture anew on another machine (`editcap`) turn the file's own fields round and nothing else.
 *
 * It cannot mistake one for the other below 64 KiB: a length turned round is a multiple of 65,536.
 */
export function messageEndian(
  view: DataView,
  messages: { readonly start: number; readonly captured: number; readonly original: number },
  ofFile: Endian,
): Endian {
  const { start, captured, original } = messages;
  if (captured < 4) return ofFile;
  const fits = (endian: Endian): boolean => {
    const length = view.getUint32(start, endian === 'little');
    return length >= NLMSG_HDRLEN && length <= original;
  };
  const other = ofFile === 'little' ? 'big' : 'little';
  return !fits(ofFile) && fits(other) ? other : ofFile;
}
