import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder `../shared` beside the project: vectors and specifications. The product never reads it. */
export const sharedFolder: string = join(import.meta.dirname, '../../../../../shared');
export const hasShared: boolean = existsSync(join(sharedFolder, 'vectors/messages.json'));
/** Stands in the name of each test that skips without it. */
export const sharedReason: string = hasShared ? '' : ' (skipped: no ../shared beside the project)';

export function readShared<T>(path: string): T {
  return JSON.parse(readFileSync(join(sharedFolder, path), 'utf8')) as T;
}

/** One row that skips visibly, where there are none because the folder is missing: a suite cannot be empty. */
export function rowsOf<T>(
  rows: readonly (readonly [string, T])[],
): readonly (readonly [string, T])[] {
  return hasShared ? rows : [['needs ../shared beside the project', undefined as T]];
}
