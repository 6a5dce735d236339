import { type ChainFault, sameBytes } from '../chain.ts'
import { type LinkRow, linkGenesis, linkHash, REGISTER_CHAIN } from '../link.ts'
import { ChainWalk, chainWords, type WalkPoint } from './chain-walk.ts'
import type { ChainHead } from './chains-checkpoint.ts'
import { type KeptDecision, keptDecisionIn } from './kept-decision.ts'
import { type Mirror, mirrorIn } from './mirror.ts'
import { type PolicyRetirement, policyRetirementIn } from './policy-retirement.ts'

/** What is kept of a row, so that a checkpoint that speaks of it can be judged. */
interface KeptRow {
  readonly hash: Uint8Array
  readonly positions: readonly number[]
}

/** A record of an execution that the register mirrors: its first one, or one with which it ended. */
export interface MirroredRecord {
  readonly kind: Mirror['kind']
  readonly chain: string
  readonly n: number
  readonly pos: number
}

/** What a record must hold to be the end of an execution, before it is parsed. */
const ENDED = '"type":"ExecutionEnded"'

/** How chains are walked. */
export interface WalkOptions {
  readonly isWhole?: boolean
  /** In an export: the position behind which every record of every chain is there. */
  readonly behind?: number
  /** Whether the register says how executions began and ended; a segment has none. Default true. */
  readonly isMirrored?: boolean
  readonly isWanted?: (chain: string, n: number) => boolean
}

/** The chains of a store, walked row by row in any order of the chains. */
export class WalkedChains {
  readonly origin: string
  /** Whether every chain is walked from its first record on. */
  readonly isWhole: boolean
  readonly #behind: number
  readonly #walks = new Map<string, ChainWalk>()
  readonly #starts = new Map<string, number>()
  readonly #kept = new Map<string, Map<number, KeptRow>>()
  readonly #isWanted: (chain: string, n: number) => boolean
  readonly #isMirrored: boolean
  readonly #mirrors: Mirror[] = []
  readonly #marked: MirroredRecord[] = []
  readonly #retirements: PolicyRetirement[] = []
  readonly #decisions: KeptDecision[] = []
  #fault: ChainFault | undefined
  #records = 0
  #first = 0
  #newest = 0

  /** `isWanted`: of which records the head is asked for later; of all where it is absent. */
  constructor(
    origin: string,
    { isWhole = true, behind = Number.POSITIVE_INFINITY, isMirrored = true, isWanted = () => true }: WalkOptions = {},
  ) {
    this.origin = origin
    this.isWhole = isWhole
    this.#behind = behind
    this.#isWanted = isWanted
    this.#isMirrored = isMirrored
  }

  /** The first row that does not hold. */
  get fault(): ChainFault | undefined {
    return this.#fault
  }

  /** How many records there are: what mirrors another one is not counted. */
  get records(): number {
    return this.#records
  }

  /** The positions of the first and of the newest record; 0 where there is none. */
  get span(): { readonly first: number; readonly newest: number } {
    return { first: this.#first, newest: this.#newest }
  }

  /** The rows of the register that mirror records of executions. */
  get mirrors(): readonly Mirror[] {
    return this.#mirrors
  }

  /** The records that are to be mirrored. */
  get marked(): readonly MirroredRecord[] {
    return this.#marked
  }

  get retirements(): readonly PolicyRetirement[] {
    return this.#retirements
  }

  get decisions(): readonly KeptDecision[] {
    return this.#decisions
  }

  /** The names of the chains that were walked. */
  get chains(): readonly string[] {
    return [...this.#walks.keys()]
  }

  /** Says where a chain goes on of which the beginning is not walked here. */
  begin(chain: string, start: WalkPoint): void {
    if (this.#walks.has(chain)) return
    this.#walks.set(chain, new ChainWalk(this.origin, chain, start))
    this.#starts.set(chain, start.n)
    this.#keep(chain, start.n, start)
  }

  /** Takes the next row of a chain. A row that was taken before must be the same. */
  take(chain: string, row: LinkRow, isMirror: boolean): void {
    const walk = this.#walkOf(chain)
    const known = row.n <= walk.end.n ? this.#kept.get(chain)?.get(row.n) : undefined
    if (known !== undefined) {
      const prev = this.headAt(chain, row.n - 1)?.hash ?? row.prev
      const isAtPlace = known.positions.at(-1) === row.pos
      const isSame = sameBytes(known.hash, row.hash) && sameBytes(known.hash, linkHash({ ...row, prev })) && isAtPlace
      if (!isSame) this.find(walk.fault(row.pos, row.n, 'is there twice, and differs'))
      return
    }
    const fault = walk.take(row)
    if (fault !== undefined) {
      this.find(fault)
      return
    }
    if (this.#isWanted(chain, row.n)) this.#keep(chain, row.n, walk.head)
    if (row.digest !== undefined) this.#span(row.pos)
    else if (isMirror) this.#mirror(chain, row)
    else this.#count(chain, row)
  }

  /** How many records of a chain are before the first one that was walked. */
  startOf(chain: string): number {
    return this.#starts.get(chain) ?? 0
  }

  /** The head that a chain had when it had `n` records, where that was kept. */
  headAt(chain: string, n: number): ChainHead | undefined {
    const kept = this.#kept.get(chain)?.get(n)
    if (kept !== undefined) return { chain, n, ...kept }
    return n === 0 ? { chain, ...linkGenesis(this.origin, chain), positions: [] } : undefined
  }

  /** Whether a record that was not found had to be there: by its position, where that is known, or because its chain ends before it. */
  lacks(chain: string, n: number, pos = 0): boolean {
    return pos > this.#behind || ((this.isWhole || this.#walks.has(chain)) && n > this.head(chain).n)
  }

  /** The newest record of a chain. */
  head(chain: string): ChainHead {
    return (this.#walks.get(chain) ?? new ChainWalk(this.origin, chain)).head
  }

  /** Notes what is wrong, if it is the first that is. */
  find(fault: ChainFault | undefined): void {
    this.#fault ??= fault
  }

  #walkOf(chain: string): ChainWalk {
    const walk = this.#walks.get(chain) ?? new ChainWalk(this.origin, chain)
    this.#walks.set(chain, walk)
    return walk
  }

  #keep(chain: string, n: number, { hash, positions }: KeptRow): void {
    const kept = this.#kept.get(chain) ?? new Map<number, KeptRow>()
    this.#kept.set(chain, kept)
    // By itself: a row may share its bytes with others that were read with it.
    kept.set(n, { hash: Uint8Array.from(hash), positions: [...positions] })
  }

  #mirror(chain: string, { n, pos, body }: LinkRow): void {
    const mirror = chain === REGISTER_CHAIN ? mirrorIn(body, pos) : undefined
    if (mirror !== undefined) this.#mirrors.push(mirror)
    else this.find({ seq: pos, reason: `record ${n} of ${chainWords(chain)} mirrors nothing` })
  }

  #span(pos: number): void {
    this.#first = this.#first === 0 ? pos : Math.min(this.#first, pos)
    this.#newest = Math.max(this.#newest, pos)
  }

  #mark(chain: string, { n, pos, body }: Pick<LinkRow, 'n' | 'pos' | 'body'>): void {
    if (n === 1) this.#marked.push({ kind: 'begun', chain, n, pos })
    if (body.includes(ENDED) && typeIn(body) === 'ExecutionEnded') this.#marked.push({ kind: 'ended', chain, n, pos })
  }

  #count(chain: string, { n, pos, body }: LinkRow): void {
    if (this.#isMirrored && chain !== REGISTER_CHAIN) this.#mark(chain, { n, pos, body })
    this.#records += 1
    this.#span(pos)
    const retirement = policyRetirementIn(body)
    if (retirement !== undefined) this.#retirements.push({ ...retirement, seq: pos })
    const decision = keptDecisionIn(body)
    if (decision !== undefined) this.#decisions.push({ ...decision, seq: pos })
  }
}

function typeIn(body: string): unknown {
  return (JSON.parse(body) as { readonly type?: unknown }).type
}
