/**
 * The root of every error that linkwatch throws. Match on `code`; the message is for people.
 * Subclasses: CodecError here, SocketError in @lw/socket, CliError, ConfigError, HttpError in the apps.
 */
export class LinkwatchError extends Error {
  /** A stable upper-case word, such as 'EEXIST' or 'ATTRIBUTE_LENGTH'. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** Bytes or values that do not fit the protocol. */
export class CodecError extends LinkwatchError {}

/** What can be wrong with bytes. */
export type DecodeErrorCode =
  /** a message header's length is below 16 or beyond the datagram */
  | 'MESSAGE_LENGTH'
  /** a message ends inside its fixed header */
  | 'HEADER_LENGTH'
  /** an attribute's length is below 4 or beyond its container */
  | 'ATTRIBUTE_LENGTH'
  /** an attribute's payload has not the size of its type */
  | 'VALUE_LENGTH'
  /** nests deeper than the limit */
  | 'NESTING_DEPTH'
  /** no family or operation knows this message type */
  | 'UNKNOWN_MESSAGE';

/** Bytes that cannot be read: where they stand and in which attribute. */
export class DecodeError extends CodecError {
  declare readonly code: DecodeErrorCode;
  /** Bytes from the start of what was given to decode. */
  readonly offset: number;
  /** Attribute path in YNL names, such as 'linkinfo.data.id'; '' for the message itself. */
  readonly path: string;

  /** What is wrong, without the place. */
  readonly reason: string;

  constructor(code: DecodeErrorCode, offset: number, path: string, reason: string) {
    super(code, `${reason} (offset ${offset}${path === '' ? '' : `, in ${path}`})`);
    this.offset = offset;
    this.path = path;
    this.reason = reason;
  }

  /** The same fault with its attribute path, which is found only after it was reported. */
  at(path: string): DecodeError {
    return new DecodeError(this.code, this.offset, path, this.reason);
  }
}

/** What can be wrong with values. */
export type EncodeErrorCode =
  | 'UNKNOWN_ATTRIBUTE'
  | 'UNKNOWN_MEMBER'
  | 'UNKNOWN_ENUM_NAME'
  | 'UNKNOWN_OPERATION'
  | 'WRONG_TYPE'
  | 'OUT_OF_RANGE'
  | 'WRONG_LENGTH'
  | 'NO_FORMAT'
  | 'NESTING_DEPTH';

/** A value that cannot be put on the wire. */
export class EncodeError extends CodecError {
  declare readonly code: EncodeErrorCode;
  /** Attribute path as the caller wrote it, such as 'attrs.linkinfo.data.id'. */
  readonly path: string;

  constructor(code: EncodeErrorCode, path: string, message: string) {
    super(code, `${path}: ${message}`);
    this.path = path;
  }
}
