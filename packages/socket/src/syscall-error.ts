import { errnoName, errnoText } from '@lw/codec';
import { SyscallError } from './errors.js';

/** What the native binding throws: see ThrowErrno in native/netlink_socket.cc. */
interface NativeSyscallError extends Error {
  readonly errno: number;
  readonly syscall: string;
}

/** What to try, by 'syscall CODE'. */
const advice: Readonly<Record<string, string>> = {
  'socket EPROTONOSUPPORT':
    'this kernel has no such netlink protocol: a module is missing or not loaded',
  'socket EAFNOSUPPORT':
    'netlink is not allowed here: a sandbox (seccomp, RestrictAddressFamilies=) must allow AF_NETLINK',
  'socket EMFILE': 'close sockets that are no longer needed, or raise the limit (ulimit -n)',
  'sendto ECONNREFUSED': 'no part of this kernel listens to this netlink protocol',
  'sendto EMSGSIZE': 'the request is larger than the send buffer: split it',
};

/**
 * Turns a native failure into a SyscallError that says what was attempted, why it failed and what to try.
 * Anything else is given back as it came.
 */
export function toSyscallError(thrown: unknown, attempted: string, cure?: string): unknown {
  if (!isNative(thrown)) return thrown;
  const { errno, syscall } = thrown;
  return syscallError({ errno, syscall, attempted, cure });
}

/** A SyscallError in the words of {@link toSyscallError}. */
export function syscallError(failure: {
  readonly errno: number;
  readonly syscall: string;
  readonly attempted: string;
  readonly cure?: string | undefined;
}): SyscallError {
  const { errno, syscall, attempted } = failure;
  const code = errnoName(errno);
  const cure = failure.cure ?? advice[`${syscall} ${code}`];
  const message = `${attempted}: ${errnoText(errno)} (${code} in ${syscall})`;
  return new SyscallError({
    code,
    errno,
    syscall,
    message: cure === undefined ? message : `${message}; ${cure}`,
  });
}

function isNative(thrown: unknown): thrown is NativeSyscallError {
  const raw = thrown instanceof Error && !(thrown instanceof SyscallError);
  return raw && 'syscall' in thrown && 'errno' in thrown;
}
