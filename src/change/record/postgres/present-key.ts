import { BrokenChainError } from '../seal/chain.ts'
import type { KeyRing } from '../seal/key-ring.ts'
import {
  keysLacking,
  type RotationRow,
  type RotationsCase,
  requireOrder,
  rotationFault,
} from '../store/install-rotation.ts'
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

  /** Throws `store` where the present key and the next one are not given as they follow each other; BrokenChainError where the rotations do not lead to the key that the store says it is under. */
  requireRotated({ check, ...its }: Omit<RotationsCase, 'ring'>, rows: readonly RotationRow[]): void {
    this.require(check)
    requireOrder(rows, check, this.#ring)
    const fault = rotationFault(rows, { ...its, check, ring: this.#ring })
    if (fault !== undefined) throw new BrokenChainError(fault)
    this.#ring.lacking = keysLacking(rows, this.#ring)
  }

  /** Throws `store` where the store is under a key that is not here, and what `read` throws. */
  async during<T>(read: () => Promise<T>): Promise<T> {
    const before = this.#ring.check
    return read().catch((error: unknown) => this.#onceMore(error, before, read))
  }

  of<T extends object>(reader: T): T {
    return new Proxy(reader, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        return (...given: readonly unknown[]): unknown => {
          const before = this.#ring.check
          const read = (): unknown => Reflect.apply(member, target, given)
          const found = read()
          if (!(found instanceof Promise)) return found
          return found.catch((error: unknown) => this.#onceMore(error, before, read))
        }
      },
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
