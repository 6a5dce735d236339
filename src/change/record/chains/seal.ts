import type { ChainHead } from '../audit/chains-checkpoint.ts'
import { chainWords } from '../audit/walked-chains.ts'
import { BrokenChainError, hexOf, REGISTER_CHAIN, sameBytes } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { ExecutionRow, HeadRow } from './append-request.ts'
import type { ChainEnd } from './records.ts'

export type SealedHead = Pick<ExecutionRow, 'n' | 'hash' | 'isOpen' | 'hasActed'>

/** What the seal of an execution's newest record is over: without the key nobody writes one, or says of it that it has ended. */
export function executionText(origin: string, execution: string, { n, hash, isOpen, hasActed }: SealedHead): string {
  const [of, from, digest] = [JSON.stringify(execution), JSON.stringify(origin), JSON.stringify(hash)]
  return `{"acted":${hasActed},"execution":${of},"hash":${digest},"n":${n},"open":${isOpen},"origin":${from}}`
}

export function registerText(origin: string, { n, hash }: Pick<HeadRow, 'n' | 'hash'>): string {
  return JSON.stringify({ hash, n, origin, register: true })
}

type StoredHead = Pick<ChainEnd, 'n' | 'hash' | 'seal'> & Partial<Pick<ChainEnd, 'isOpen' | 'hasActed'>>

/** `chain` is null for the register: an execution that somebody has given its name is sealed as an execution. */
export function isSealedHead(
  keys: StoreKeys,
  origin: string,
  chain: string | null,
  { n, hash, seal, isOpen = true, hasActed = false }: StoredHead,
): boolean {
  const head = { n, hash: hexOf(hash), isOpen, hasActed }
  const text = chain === null ? registerText(origin, head) : executionText(origin, chain, head)
  return keys.isSeal(text, hexOf(seal))
}

/** The head of a chain, which was sealed by whoever has the key, and is there. Throws BrokenChainError. */
export function verifiedHead(keys: StoreKeys, origin: string, end: ChainEnd): ChainHead {
  const { chain, n, hash, positions, stored } = end
  const seq = positions.at(-1) ?? 0
  if (!isSealedHead(keys, origin, chain === REGISTER_CHAIN ? null : chain, end))
    throw new BrokenChainError({ seq, reason: `the seal on the newest record of ${chainWords(chain)} is broken` })
  if (n > 0 && (stored === null || !sameBytes(stored, hash)))
    throw new BrokenChainError({
      seq,
      reason: `record ${n} of ${chainWords(chain)} is not the one that was sealed as the newest`,
    })
  return { chain, n, hash, positions }
}
