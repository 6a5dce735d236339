import { type ChainFault, sameBytes } from '../seal/chain.ts'
import { type ChainHead, headsOf } from './chains-checkpoint.ts'
import { readSegmentSeal } from './segment-seal.ts'
import { readNote } from './signed-note.ts'
import type { WalkedChains } from './walked-chains.ts'

interface Seal {
  readonly note: string
  readonly heads: readonly ChainHead[]
}

export type SealedExecutions = ReturnType<typeof sealedExecutions>

/** Which executions were sealed in a segment, or in several that are read one behind the other. */
export function sealedExecutions(origin: string) {
  const seals: Seal[] = []
  let expected = 0

  function begin(): void {
    expected += 1
  }

  function take(seal: Seal): void {
    seals.push(seal)
  }

  function faultIn(chains: WalkedChains): ChainFault | undefined {
    const { first, newest } = chains.span
    const reason = sealReason() ?? missingReason(chains) ?? strangeReason(chains)
    return reason === undefined ? undefined : { seq: first === 0 ? newest : first, reason }
  }

  function sealReason(): string | undefined {
    if (seals.length < expected) return 'the seal of the segment is missing: something was taken off its end'
    if (seals.length > expected) return 'the segment has another seal than its own'
    const isBad = seals.some(({ note, heads }) => !isOver(note, heads))
    return isBad ? 'the executions that the seal of the segment names are not those that were signed' : undefined
  }

  function isOver(note: string, heads: readonly ChainHead[]) {
    const said = readSegmentSeal(readNote(note)?.text ?? '')
    if (said?.origin !== origin) return false
    const { count, root } = headsOf(heads)
    return said.executions.count === count && sameBytes(said.executions.root, root)
  }

  function missingReason(chains: WalkedChains) {
    for (const sealed of heads()) {
      const reason = otherEnd(sealed, chains.head(sealed.chain))
      if (reason !== undefined) return reason
    }
    return undefined
  }

  function strangeReason(chains: WalkedChains) {
    const known = new Set(heads().map(({ chain }) => chain))
    const strange = chains.chains.find((chain) => !known.has(chain))
    return strange === undefined ? undefined : `execution ${strange} was not sealed in this segment`
  }

  function heads() {
    return seals.flatMap(({ heads }) => heads)
  }

  return {
    get notes() {
      return seals.map(({ note }) => note)
    },
    begin,
    take,
    faultIn,
  }
}

function otherEnd({ chain, n, hash, positions }: ChainHead, found: ChainHead) {
  if (found.n === 0) return `execution ${chain} was taken out of the segment: it was sealed with ${n} records`
  if (found.n < n) return `record ${found.n + 1} of execution ${chain} is missing: it was sealed with ${n} records`
  if (found.n > n) return `record ${n + 1} of execution ${chain} was not sealed with it`
  if (!sameBytes(found.hash, hash)) return `record ${n} of execution ${chain}, or one before it, was rewritten`
  return found.positions.join() === positions.join()
    ? undefined
    : `record ${n} of execution ${chain} is at another place`
}
