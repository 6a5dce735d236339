import { chainWords } from '../audit/chain-walk.ts'
import type { ChainHead } from '../audit/chains-checkpoint.ts'
import { BrokenChainError } from '../chain.ts'
import { isExecutionSeal, isRegisterSeal } from '../chains/seal.ts'
import { REGISTER_CHAIN } from '../link.ts'
import type { StoreKeys } from '../store-keys.ts'

/** The head of a chain, with the row that it says to be the newest. */
export interface ChainRowHead {
  readonly chain: string
  readonly n: number
  readonly hash: Buffer
  readonly seal: Buffer
  readonly positions: readonly number[]
  readonly is_open: boolean
  readonly has_acted: boolean
  /** The hash of the row that the head says to be the newest; null where there is none. */
  readonly stored: Buffer | null
}

/** Asks for that of the register. */
export const REGISTER_CHAIN_HEAD = `SELECT 'register' AS chain, h.n, h.hash, h.seal, h.uncovered AS positions, true AS is_open, false AS has_acted, r.hash AS stored
  FROM register_head h LEFT JOIN register r ON r.n = h.n`

/** Asks for those of executions: of all of them, unless a condition follows. */
export const EXECUTION_CHAIN_HEADS = `SELECT x.id AS chain, x.n, x.hash, x.seal, x.uncovered AS positions, x.is_open, x.has_acted, e.hash AS stored
  FROM execution x LEFT JOIN event e ON e.execution = x.id AND e.n = x.n`

/** A head that was sealed by whoever has the key, and is there. Throws BrokenChainError. */
export function verifiedHead(keys: StoreKeys, origin: string, row: ChainRowHead): ChainHead {
  const { chain, n, hash, positions, is_open, has_acted, stored } = row
  const [hex, seal] = [hash.toString('hex'), row.seal.toString('hex')]
  const isSealed =
    chain === REGISTER_CHAIN
      ? isRegisterSeal(keys, origin, { n, hash: hex, seal })
      : isExecutionSeal(keys, origin, { execution: chain, n, hash: hex, isOpen: is_open, hasActed: has_acted, seal })
  const seq = positions.at(-1) ?? 0
  if (!isSealed)
    throw new BrokenChainError({ seq, reason: `the seal on the newest record of ${chainWords(chain)} is broken` })
  if (n > 0 && (stored === null || !stored.equals(hash)))
    throw new BrokenChainError({
      seq,
      reason: `record ${n} of ${chainWords(chain)} is not the one that was sealed as the newest`,
    })
  return { chain, n, hash, positions }
}
