import type { ChainHead } from '../audit/chains-checkpoint.ts'
import { linkGenesis, REGISTER_CHAIN } from '../link.ts'
import { positionsUpTo } from './chain-rows.ts'
import type { Questions } from './database.ts'

/** Which chains a checkpoint speaks of, and how many records each had: what is kept with it. */
export function spokenIn(heads: string): readonly (readonly [chain: string, n: number])[] {
  return Object.entries(JSON.parse(heads) as Readonly<Record<string, number>>)
}

/** The heads that a checkpoint speaks of, as the chains have them now; one that is not there is left out, and so its root is another. */
export async function headsOfCheckpoint(
  ask: Questions['ask'],
  origin: string,
  heads: string,
): Promise<readonly ChainHead[]> {
  const found: ChainHead[] = []
  for (const [chain, n] of spokenIn(heads)) {
    if (n === 0) {
      found.push({ chain, ...linkGenesis(origin, chain), positions: [] })
      continue
    }
    const [row] = await ask<{ readonly hash: Buffer }>(
      chain === REGISTER_CHAIN
        ? 'SELECT hash FROM register WHERE n = $1 AND $2 = $2'
        : 'SELECT hash FROM event WHERE n = $1 AND execution = $2',
      [n, chain],
    )
    if (row !== undefined) found.push({ chain, n, hash: row.hash, positions: await positionsUpTo(ask, chain, n) })
  }
  return found
}
