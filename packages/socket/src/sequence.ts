const maxSequence = 2 ** 32 - 1;

/**
 * Sequence numbers from a random start, so that a process with our old port id is not taken for us; never
 * 0, which notifications carry (K24).
 */
export class SequenceNumbers {
  #last: number;

  constructor(start: number = randomStart()) {
    this.#last = start;
  }

  next(): number {
    this.#last = this.#last >= maxSequence ? 1 : this.#last + 1;
    return this.#last;
  }
}

function randomStart(): number {
  const words = crypto.getRandomValues(new Uint32Array(1));
  return words[0] ?? 0;
}
