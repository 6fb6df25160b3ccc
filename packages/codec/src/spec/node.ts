/** A place in a parsed YAML value that knows its path, so that each complaint can name it. */
export class SpecNode {
  readonly #value: unknown;
  readonly #path: string;
  readonly #makeError: (path: string, reason: string) => Error;

  constructor(value: unknown, path: string, makeError: (path: string, reason: string) => Error) {
    this.#value = value;
    this.#path = path;
    this.#makeError = makeError;
  }

  error(key: string, reason: string): Error {
    return this.#makeError(key === '' ? this.#path : `${this.#path}.${key}`, reason);
  }

  /** The raw value of a key, or undefined. */
  optional(key: string): unknown {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.error('', 'a mapping is wanted');
    }
    const found = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
    return found === null ? undefined : found;
  }

  value(key: string): unknown {
    const found = this.optional(key);
    if (found === undefined) throw this.error(key, 'is missing');
    return found;
  }

  text(key: string, fallback?: string): string {
    const found = this.optionalText(key) ?? fallback;
    if (found === undefined) throw this.error(key, 'is missing');
    return found;
  }

  /** Text of a key; numbers pass, because YAML reads an unquoted `8021` as one. */
  optionalText(key: string): string | undefined {
    const found = this.optional(key);
    // The one name that would change an object instead of standing in it.
    if (found === '__proto__') throw this.error(key, 'cannot be a name');
    if (found === undefined || typeof found === 'string') return found;
    if (typeof found === 'number') return String(found);
    throw this.error(key, 'text is wanted');
  }

  number(key: string, fallback?: number): number {
    const found = this.optional(key) ?? fallback;
    if (found === undefined) throw this.error(key, 'is missing');
    if (typeof found !== 'number' || !Number.isSafeInteger(found)) {
      throw this.error(key, 'a whole number is wanted');
    }
    return found;
  }

  oneOf(key: string, pattern: RegExp): string {
    const found = this.text(key);
    if (!pattern.test(found)) throw this.error(key, `'${found}' is not known here`);
    return found;
  }

  optionalOneOf(key: string, pattern: RegExp): string | undefined {
    return this.optional(key) === undefined ? undefined : this.oneOf(key, pattern);
  }

  child(key: string): SpecNode {
    return new SpecNode(this.value(key), `${this.#path}.${key}`, this.#makeError);
  }

  /** The items of a list; none where the key is absent. */
  children(key: string): SpecNode[] {
    const found = this.optional(key) ?? [];
    if (!Array.isArray(found)) throw this.error(key, 'a list is wanted');
    return found.map(
      (item: unknown, index) =>
        new SpecNode(item, `${this.#path}.${key}[${index}]`, this.#makeError),
    );
  }

  /** Entries of enums are plain text, or mappings with a name. */
  nameOrText(): string {
    const value = this.#value;
    if (value === '__proto__') throw this.error('', 'cannot be a name');
    return typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : this.text('name');
  }

  get isMapping(): boolean {
    return typeof this.#value === 'object' && this.#value !== null;
  }
}
