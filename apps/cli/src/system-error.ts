/** 'ENOENT' of an error that the system reported, undefined of any other. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * The system's words alone, 'no space left on device (ENOSPC)': what was tried stands before them, in ours.
 * Node has two spellings: 'ENOSPC: no space left on device, write' and 'write ECONNRESET'.
 */
export function systemText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, code, text] = /^([A-Z0-9_]+): (.*), \w+/.exec(error.message) ?? [];
  return code === undefined ? error.message : `${text} (${code})`;
}
