export type { DecodeErrorCode, EncodeErrorCode } from './errors.js';
export { CodecError, DecodeError, EncodeError, LinkwatchError } from './errors.js';
