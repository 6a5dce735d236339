import type { ChainHead } from '../audit/chains-checkpoint.ts'
import { objectIn } from '../event/record-text.ts'
import { type LinkRow, linkGenesis, REGISTER_CHAIN } from '../seal/chain.ts'
import type { AskedPlace, ChainRows, FoundPlace } from './chain-rows.ts'
import type { RetiredSegments } from './retired-segments.ts'

export function spokenIn(heads: string): readonly (readonly [chain: string, n: number])[] {
  const said = objectIn(heads) ?? {}
  return Object.entries(said).flatMap(([chain, n]) => (typeof n === 'number' ? [[chain, n] as const] : []))
}

export async function headsOfCheckpoint(
  rows: Pick<ChainRows, 'placesAt'>,
  { origin, heads, segments }: { readonly origin: string; readonly heads: string; readonly segments: RetiredSegments },
): Promise<readonly ChainHead[]> {
  const spoken = spokenIn(heads)
  const places = await placesOf(rows, segments, spoken)
  return spoken.flatMap(([chain, n], index) => {
    if (n === 0) return [{ chain, ...linkGenesis(origin, chain), positions: [] }]
    const { hash, positions = [] } = places[index] ?? {}
    return hash === undefined ? [] : [{ chain, n, hash, positions }]
  })
}

/** What there is of places in chains, in the store or in the segment in which an execution has left it: the store is asked once. */
export async function placesOf(
  rows: Pick<ChainRows, 'placesAt'>,
  segments: RetiredSegments,
  asked: readonly AskedPlace[],
): Promise<readonly FoundPlace[]> {
  const left: (FoundPlace | undefined)[] = []
  for (const [chain, n] of asked) {
    const own = n === 0 || chain === REGISTER_CHAIN ? [] : await segments.rowsIfLeft(chain)
    const hash = own[n - 1]?.hash
    left.push(hash === undefined ? undefined : { hash, positions: positionsAt(own, n) })
  }
  const unknown = asked.filter((_, index) => left[index] === undefined)
  const here = (unknown.length === 0 ? [] : await rows.placesAt(unknown)).values()
  return left.map((one) => one ?? here.next().value ?? { hash: undefined, positions: [] })
}

function positionsAt(rows: readonly LinkRow[], n: number) {
  const upTo = rows.slice(0, n)
  const from = upTo.findLastIndex(({ covers }) => covers.length > 0)
  return upTo.slice(Math.max(from, 0)).map(({ pos }) => pos)
}
