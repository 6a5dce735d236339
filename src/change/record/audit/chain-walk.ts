import { type ChainFault, sameBytes } from '../seal/chain.ts'
import { isHashed, type LinkPoint, type LinkRow, linkGenesis, REGISTER_CHAIN } from '../seal/link.ts'
import type { ChainHead } from './chains-checkpoint.ts'

export interface WalkPoint extends LinkPoint {
  readonly positions: readonly number[]
}

export type ChainWalk = ReturnType<typeof chainWalk>

export function chainWalk(origin: string, chain: string, start?: WalkPoint) {
  let end: LinkPoint = start ?? linkGenesis(origin, chain)
  let positions = [...(start?.positions ?? [])]

  function take(row: LinkRow): ChainFault | undefined {
    const found = faultOf(row)
    if (found !== undefined) return found
    if (row.covers.length > 0) positions = []
    positions.push(row.pos)
    end = { n: row.n, hash: row.hash }
    return undefined
  }

  function faultOf(row: LinkRow) {
    const { n, pos, covers, prev } = row
    if (n > end.n + 1) return fault(pos, end.n + 1, 'is missing')
    if (n <= end.n) return fault(pos, n, 'is out of order')
    if (!isHashed(row)) return fault(pos, n, 'was altered')
    if (!sameBytes(prev, end.hash)) return fault(pos, n, `does not follow record ${end.n}, one of the two was replaced`)
    if (covers.length === 0) return undefined
    const at = positions.findIndex((position, index) => position !== covers[index])
    if (at < 0 && covers.length === positions.length) return undefined
    const moved = positions[at] ?? pos
    return fault(moved, n - positions.length + Math.max(at, 0), 'is at another place than it was written to')
  }

  function fault(pos: number, n: number, what: string): ChainFault {
    return { seq: pos, reason: `record ${n} of ${chainWords(chain)} ${what}` }
  }

  return {
    chain,
    n: () => end.n,
    take,
    fault,
    get head(): ChainHead {
      return { chain, ...end, positions: [...positions] }
    },
  }
}

export function chainWords(chain: string): string {
  return chain === REGISTER_CHAIN ? 'the register' : `execution ${chain}`
}
