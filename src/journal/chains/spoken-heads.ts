import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { ChainHead } from '../audit/chains-checkpoint.ts'
import { type LinkRow, linkGenesis, REGISTER_CHAIN } from '../link.ts'
import type { ChainRows } from './chain-rows.ts'
import type { RetiredSegments } from './retired-segments.ts'

/** Which chains a checkpoint speaks of, and how many records each had: what is kept with it. None where that was altered beyond reading: so its root is another. */
export function spokenIn(heads: string): readonly (readonly [chain: string, n: number])[] {
  const said = objectIn(heads)
  return Object.entries(said).flatMap(([chain, n]) => (typeof n === 'number' ? [[chain, n] as const] : []))
}

function objectIn(heads: string): JsonObject {
  try {
    const said = JSON.parse(heads) as Json
    return isJsonObject(said) ? said : {}
  } catch {
    return {}
  }
}

/** The heads that a checkpoint speaks of, as the chains have them now; one that is not there is left out, and so its root is another. */
export async function headsOfCheckpoint(
  rows: Pick<ChainRows, 'hashAt' | 'positionsUpTo'>,
  { origin, heads, segments }: { readonly origin: string; readonly heads: string; readonly segments: RetiredSegments },
): Promise<readonly ChainHead[]> {
  const found: ChainHead[] = []
  for (const [chain, n] of spokenIn(heads)) {
    if (n === 0) {
      found.push({ chain, ...linkGenesis(origin, chain), positions: [] })
      continue
    }
    const left = chain === REGISTER_CHAIN ? [] : await segments.rowsIfLeft(chain)
    const own = left[n - 1]
    if (own !== undefined) {
      found.push({ chain, n, hash: own.hash, positions: positionsAt(left, n) })
      continue
    }
    const hash = await rows.hashAt(chain, n)
    if (hash !== undefined) found.push({ chain, n, hash, positions: await rows.positionsUpTo(chain, n) })
  }
  return found
}

/** The positions of the rows of a chain up to one of them which none of those up to there covers. */
export function positionsAt(rows: readonly LinkRow[], n: number): readonly number[] {
  const upTo = rows.slice(0, n)
  const from = upTo.findLastIndex(({ covers }) => covers.length > 0)
  return upTo.slice(Math.max(from, 0)).map(({ pos }) => pos)
}
