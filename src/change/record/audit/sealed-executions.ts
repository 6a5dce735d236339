import { type ChainFault, sameBytes } from '../seal/chain.ts'
import { type ChainHead, headsOf } from './chains-checkpoint.ts'
import { readSegmentSeal } from './segment-seal.ts'
import { readNote } from './signed-note.ts'
import type { WalkedChains } from './walked-chains.ts'

interface Seal {
  readonly note: string
  readonly heads: readonly ChainHead[]
}

/** Which executions were sealed in a segment, or in several that are read one behind the other. */
export class SealedExecutions {
  readonly #origin: string
  readonly #seals: Seal[] = []
  #expected = 0

  constructor(origin: string) {
    this.#origin = origin
  }

  get notes(): readonly string[] {
    return this.#seals.map(({ note }) => note)
  }

  begin(): void {
    this.#expected += 1
  }

  take(seal: Seal): void {
    this.#seals.push(seal)
  }

  faultIn(chains: WalkedChains): ChainFault | undefined {
    const { first, newest } = chains.span
    const reason = this.#sealReason() ?? this.#missingReason(chains) ?? this.#strangeReason(chains)
    return reason === undefined ? undefined : { seq: first === 0 ? newest : first, reason }
  }

  #sealReason(): string | undefined {
    if (this.#seals.length < this.#expected)
      return 'the seal of the segment is missing: something was taken off its end'
    if (this.#seals.length > this.#expected) return 'the segment has another seal than its own'
    const isBad = this.#seals.some(({ note, heads }) => !this.#isOver(note, heads))
    return isBad ? 'the executions that the seal of the segment names are not those that were signed' : undefined
  }

  #isOver(note: string, heads: readonly ChainHead[]) {
    const said = readSegmentSeal(readNote(note)?.text ?? '')
    if (said?.origin !== this.#origin) return false
    const { count, root } = headsOf(heads)
    return said.executions.count === count && sameBytes(said.executions.root, root)
  }

  #missingReason(chains: WalkedChains) {
    for (const { chain, n, hash, positions } of this.#heads()) {
      const found = chains.head(chain)
      if (found.n === 0) return `execution ${chain} was taken out of the segment: it was sealed with ${n} records`
      if (found.n < n) return `record ${found.n + 1} of execution ${chain} is missing: it was sealed with ${n} records`
      if (found.n > n) return `record ${n + 1} of execution ${chain} was not sealed with it`
      if (!sameBytes(found.hash, hash)) return `record ${n} of execution ${chain}, or one before it, was rewritten`
      if (found.positions.join() !== positions.join()) return `record ${n} of execution ${chain} is at another place`
    }
    return undefined
  }

  #strangeReason(chains: WalkedChains) {
    const known = new Set(this.#heads().map(({ chain }) => chain))
    const strange = chains.chains.find((chain) => !known.has(chain))
    return strange === undefined ? undefined : `execution ${strange} was not sealed in this segment`
  }

  #heads() {
    return this.#seals.flatMap(({ heads }) => heads)
  }
}
