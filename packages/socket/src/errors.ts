import { type Ack, type ExtendedAck, LinkwatchError } from '@lw/codec';

/** What is wrong with a socket or a request, apart from what the kernel itself answered. */
export type SocketErrorCode =
  /** netlink exists on Linux only */
  | 'UNSUPPORTED_PLATFORM'
  /** the native binding is missing or does not load here */
  | 'NO_BINARY'
  /** raw bytes that are not one whole message */
  | 'BAD_REQUEST'
  /** a reply was larger than the receive buffer; the buffer has been grown since */
  | 'TRUNCATED'
  /** the kernel dropped replies: whether the request was done is not known */
  | 'REPLY_LOST'
  /** an option of a socket is out of range */
  | 'BAD_OPTION'
  /** a streamed dump cannot be collected: rows of it went to an iteration */
  | 'ROWS_TAKEN'
  /** reading again from inside a batch */
  | 'REENTRANT';

/** Root of the errors of this package. `code` is a {@link SocketErrorCode} or, in subclasses, theirs. */
export class SocketError extends LinkwatchError {}

export interface SyscallErrorInit {
  /** Upper-case name such as 'EPERM'. */
  readonly code: string;
  /** Positive error number. */
  readonly errno: number;
  /** The system call's name, such as 'setsockopt'. */
  readonly syscall: string;
  readonly message: string;
}

/** A system call failed. `code` is the errno's name; the message says what, why and what to try. */
export class SyscallError extends SocketError {
  readonly errno: number;
  readonly syscall: string;

  constructor(init: SyscallErrorInit) {
    super(init.code, init.message);
    this.errno = init.errno;
    this.syscall = init.syscall;
  }
}

/** The kernel's extended acknowledgement, with its numbers resolved to names of the request. */
export interface ResolvedExtack extends ExtendedAck {
  /** Path of the attribute to blame in YNL names, such as 'linkinfo.data.id'. */
  readonly path?: string;
  /** YNL name of the attribute that the request lacks. */
  readonly missingName?: string;
}

/**
 * The kernel refused a request: NLMSG_ERROR, or an error code inside NLMSG_DONE (K21).
 * `code` is the errno's name, such as 'EEXIST'.
 */
export class NetlinkError extends SocketError {
  /** Positive error number. */
  readonly errno: number;
  /** What was attempted: the operation's name, or 'request' for raw bytes. */
  readonly op: string;
  readonly extack: ResolvedExtack | undefined;

  constructor(op: string, ack: Ack & { readonly extack?: ResolvedExtack }) {
    super(ack.code, describeRefusal(op, ack));
    this.errno = ack.errno;
    this.op = op;
    this.extack = ack.extack;
  }
}

/**
 * Every attempt of a raw dump was interrupted by changes until the deadline (K20). Typed dumps do not
 * throw this: they give the data, marked `interrupted`.
 */
export class DumpInterruptedError extends SocketError {
  readonly attempts: number;

  constructor(op: string, attempts: number) {
    super(
      'DUMP_INTERRUPTED',
      `${op}: the table changed during each of ${attempts} dumps, so no answer is consistent; allow more time with timeoutMs`,
    );
    this.attempts = attempts;
  }
}

/** No complete answer within the deadline. Whether a change was made is not known. */
export class RequestTimeoutError extends SocketError {
  readonly op: string;
  readonly timeoutMs: number;

  constructor(op: string, timeoutMs: number) {
    super('TIMEOUT', `${op}: no complete answer from the kernel within ${timeoutMs} ms`);
    this.op = op;
    this.timeoutMs = timeoutMs;
  }
}

/** The client, the subscription or the transport was closed before or during the call. */
export class SocketClosedError extends SocketError {
  constructor(what: string) {
    super('CLOSED', `${what}: the socket is closed`);
  }
}

function describeRefusal(op: string, ack: Ack & { readonly extack?: ResolvedExtack }): string {
  const { message, path } = ack.extack ?? {};
  return [
    `${op}: ${ack.text} (${ack.code})`,
    message === undefined ? '' : `: ${message}`,
    path === undefined ? '' : `, at ${path}`,
    describeMissing(ack.extack),
    refusalAdvice(ack.code),
  ].join('');
}

function describeMissing(extack: ResolvedExtack | undefined): string {
  if (extack?.missing === undefined) return '';
  return `, missing attribute ${extack.missingName ?? extack.missing.type}`;
}

/** What to try, for refusals whose cure does not depend on the request. */
function refusalAdvice(code: string): string {
  return code === 'EPERM'
    ? '; changes need CAP_NET_ADMIN in the user namespace that owns the network namespace'
    : '';
}
