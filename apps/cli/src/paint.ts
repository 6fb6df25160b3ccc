import type { LinkState } from '@lw/watch';
import { type Arguments, choiceOf } from './arguments.js';
import type { Io, Output } from './io.js';

export type Color = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Text as it stands on the terminal: coloured, or as it was. */
export type Paint = (color: Color | undefined, text: string) => string;

/** Select Graphic Rendition, ECMA-48: the sixteen colours that every terminal has. */
const codes: Readonly<Record<Color, number>> = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  cyan: 36,
};

/** `--color` decides, then NO_COLOR (no-color.org), then whether it is a terminal. */
export function paintFor(args: Arguments, { env }: Io, output: Output): Paint {
  const when = choiceOf(args, 'color', ['never', 'always', 'auto'] as const) ?? 'auto';
  const wanted = (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb' && output.isTTY;
  return when === 'always' || (when === 'auto' && wanted) ? colored : plain;
}

/** What an operator should see first: up is green, down is red, on purpose is grey. */
export function stateColor(state: LinkState['kernel'] | 'absent'): Color {
  switch (state) {
    case 'up':
      return 'green';
    case 'admin-down':
    case 'absent':
      return 'dim';
    case 'dormant':
    case 'testing':
      return 'yellow';
    case 'down':
    case 'lower-layer-down':
    case 'not-present':
      return 'red';
    default:
      return assertNever(state);
  }
}

function plain(_color: Color | undefined, text: string): string {
  return text;
}

function colored(color: Color | undefined, text: string): string {
  return color === undefined ? text : `\x1b[${codes[color]}m${text}\x1b[0m`;
}

function assertNever(state: never): never {
  throw new Error(`unknown state ${state}`);
}
