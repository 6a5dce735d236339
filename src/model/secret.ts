import { inspect } from 'node:util'

/**
 * A secret in memory. Printing, logging or storing it in any form shows `<redacted>`; only an adapter that sends it
 * calls {@link Secret.reveal}.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  isEmpty(): boolean {
    return this.#value === ''
  }

  equals(other: Secret): boolean {
    return this.#value === other.#value
  }

  toString(): string {
    return '<redacted>'
  }

  toJSON(): string {
    return '<redacted>'
  }

  [inspect.custom](): string {
    return '<redacted>'
  }
}
