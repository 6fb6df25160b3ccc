import type { DecodedMessage } from '@lw/codec';
import {
  type Effect,
  type Input,
  initialState,
  step,
  type WatchEvent,
  type WatchState,
} from '@lw/watch';

/** Drives `step` as the driver does, by hand. */
export class Machine {
  readonly state: WatchState = initialState('test');
  readonly events: WatchEvent[] = [];
  readonly effects: Effect[] = [];
  #time = 0;

  /** Feeds one input; returns the events that it gave. */
  feed(input: Input): readonly WatchEvent[] {
    this.#time += 1;
    const { events, effects } = step(this.state, input, {
      time: this.#time,
      monotonicNs: BigInt(this.#time),
    });
    this.events.push(...events);
    this.effects.push(...effects);
    return events;
  }

  message(message: DecodedMessage, nsid?: number): readonly WatchEvent[] {
    return this.feed({ kind: 'message', message, nsid });
  }

  mark(): readonly WatchEvent[] {
    return this.feed({ kind: 'mark', token: this.state.token });
  }

  rows(...rows: readonly DecodedMessage[]): void {
    for (const message of rows) this.feed({ kind: 'dump-part', token: this.state.token, message });
  }

  dumpEnd(interrupted = false): readonly WatchEvent[] {
    return this.feed({ kind: 'dump-end', token: this.state.token, interrupted });
  }

  /** From the beginning, or from an overrun, to a settled mirror with these rows. */
  sync(...rows: readonly DecodedMessage[]): readonly WatchEvent[] {
    if (this.state.phase === 'idle') this.feed({ kind: 'start' });
    this.mark();
    this.rows(...rows);
    this.dumpEnd();
    return this.mark();
  }
}

/** A machine that is live, with these rows as its first look. */
export function liveMachine(...rows: readonly DecodedMessage[]): Machine {
  const machine = new Machine();
  machine.sync(...rows);
  return machine;
}

export const kinds = (events: readonly WatchEvent[]): string[] => events.map(({ kind }) => kind);
