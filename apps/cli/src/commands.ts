import type { Command } from './command.js';

/** A command's line in the overall help, and how to load it. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Commands load when they are called: lw starts no slower for what it does not run. */
  load(): Promise<Command>;
}

export const commandTable: readonly CommandEntry[] = [
  {
    name: 'list',
    summary: 'show the links, one line each (the default)',
    load: async () => (await import('./list.js')).list,
  },
  {
    name: 'show',
    summary: 'show all that is known of a link',
    load: async () => (await import('./show.js')).show,
  },
  {
    name: 'watch',
    summary: 'show links, then what happens to them, as it happens',
    load: async () => (await import('./watch.js')).watch,
  },
  {
    name: 'decode',
    summary: 'say what netlink bytes mean; needs no privileges and no Linux',
    load: async () => (await import('./decode.js')).decode,
  },
];
