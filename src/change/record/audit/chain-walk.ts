import { type ChainFault, sameBytes } from '../seal/chain.ts'
import { isHashed, type LinkPoint, type LinkRow, linkGenesis, REGISTER_CHAIN } from '../seal/link.ts'
import type { ChainHead } from './chains-checkpoint.ts'

export interface WalkPoint extends LinkPoint {
  readonly positions: readonly number[]
}

export class ChainWalk {
  readonly chain: string
  #end: LinkPoint
  #positions: number[]

  constructor(origin: string, chain: string, start?: WalkPoint) {
    this.chain = chain
    this.#end = start ?? linkGenesis(origin, chain)
    this.#positions = [...(start?.positions ?? [])]
  }

  get end(): LinkPoint {
    return this.#end
  }

  get head(): ChainHead {
    return { chain: this.chain, ...this.#end, positions: [...this.#positions] }
  }

  take(row: LinkRow): ChainFault | undefined {
    const fault = this.#faultOf(row)
    if (fault !== undefined) return fault
    if (row.covers.length > 0) this.#positions = []
    this.#positions.push(row.pos)
    this.#end = { n: row.n, hash: row.hash }
    return undefined
  }

  #faultOf(row: LinkRow) {
    const { n, pos, covers, prev } = row
    const end = this.#end
    if (n > end.n + 1) return this.fault(pos, end.n + 1, 'is missing')
    if (n <= end.n) return this.fault(pos, n, 'is out of order')
    if (!isHashed(row)) return this.fault(pos, n, 'was altered')
    if (!sameBytes(prev, end.hash))
      return this.fault(pos, n, `does not follow record ${end.n}, one of the two was replaced`)
    if (covers.length === 0) return undefined
    const at = this.#positions.findIndex((position, index) => position !== covers[index])
    if (at < 0 && covers.length === this.#positions.length) return undefined
    const moved = this.#positions[at] ?? pos
    return this.fault(moved, n - this.#positions.length + Math.max(at, 0), 'is at another place than it was written to')
  }

  fault(pos: number, n: number, what: string): ChainFault {
    return { seq: pos, reason: `record ${n} of ${chainWords(this.chain)} ${what}` }
  }
}

export function chainWords(chain: string): string {
  return chain === REGISTER_CHAIN ? 'the register' : `execution ${chain}`
}
