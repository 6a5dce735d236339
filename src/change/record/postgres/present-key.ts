import { BrokenChainError } from '../seal/chain.ts'
import type { KeyRing } from '../seal/key-ring.ts'
import { calledThrough } from '../store/questions.ts'
import { addressWords, type PostgresAddress } from './address.ts'
import type { Questions } from './database.ts'

/**
 * Which install key a store is under while it is read: somebody may rotate it at any moment. What does not verify is read once more if the
 * store has been rotated, before anybody calls it altered.
 */
export class PresentKey {
  readonly #questions: Questions
  readonly #ring: KeyRing
  readonly #where: string

  constructor(questions: Questions, ring: KeyRing, address: PostgresAddress) {
    this.#questions = questions
    this.#ring = ring
    this.#where = `the store ${addressWords(address)}`
  }

  /** Throws `store` where that is not here. */
  require(check: string): void {
    this.#ring.require(this.#where, check)
  }

  /** Throws `store` where the store is under a key that is not here, and what `read` throws. */
  async during<T>(read: () => Promise<T>): Promise<T> {
    const before = this.#ring.check
    return read().catch((error: unknown) => this.#onceMore(error, before, read))
  }

  of<T extends object>(reader: T): T {
    return calledThrough(reader, (read) => {
      const before = this.#ring.check
      const found = read()
      return found instanceof Promise ? found.catch((error: unknown) => this.#onceMore(error, before, read)) : found
    })
  }

  async #onceMore<T>(error: unknown, before: string, read: () => T): Promise<Awaited<T>> {
    if (!(error instanceof BrokenChainError)) throw error
    const row = await this.#questions.one<{ key_check: string }>('SELECT key_check FROM store')
    if (row !== undefined) this.require(row.key_check)
    if (this.#ring.check === before) throw error
    return await read()
  }
}
