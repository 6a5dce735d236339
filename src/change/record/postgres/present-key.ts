import { BrokenChainError } from '../seal/chain.ts'
import type { KeyRing } from '../seal/store-keys.ts'
import { calledThrough } from '../store/questions.ts'
import type { Questions } from './database.ts'
import { addressWords, type PostgresAddress } from './server-config.ts'

export type PresentKey = ReturnType<typeof presentKeyOf>

/**
 * Which install key a store is under while it is read: somebody may rotate it at any moment. What does not verify is read once more if the
 * store has been rotated, before anybody calls it altered.
 */
export function presentKeyOf(questions: Questions, ring: KeyRing, address: PostgresAddress) {
  const where = `the store ${addressWords(address)}`

  /** Throws `store` where that is not here. */
  const require = (check: string): void => ring.require(where, check)

  const onceMore = async <T>(error: unknown, before: string, read: () => T): Promise<Awaited<T>> => {
    if (!(error instanceof BrokenChainError)) throw error
    const row = await questions.one<{ key_check: string }>('SELECT key_check FROM store')
    if (row !== undefined) require(row.key_check)
    if (ring.check === before) throw error
    return await read()
  }

  return {
    require,

    /** Throws `store` where the store is under a key that is not here, and what `read` throws. */
    during: async <T>(read: () => Promise<T>): Promise<T> => {
      const before = ring.check
      return read().catch((error: unknown) => onceMore(error, before, read))
    },

    of: <T extends object>(reader: T): T =>
      calledThrough(reader, (read) => {
        const before = ring.check
        const found = read()
        return found instanceof Promise ? found.catch((error: unknown) => onceMore(error, before, read)) : found
      }),
  }
}
