import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { type ChainFault, sameBytes } from '../seal/chain.ts'
import { type LinkRow, linkGenesis, linkHash, REGISTER_CHAIN } from '../seal/link.ts'
import { ChainWalk, chainWords, type WalkPoint } from './chain-walk.ts'
import type { ChainHead } from './chains-checkpoint.ts'
import { type KeptDecision, keptDecisionIn } from './kept-decision.ts'
import { type Mirror, mirrorIn } from './mirror.ts'
import { type PolicyRetirement, policyRetirementIn } from './policy-retirement.ts'

/** What is kept of a row, so that a checkpoint that speaks of it can be judged. */
interface KeptRow {
  readonly n: number
  readonly hash: Uint8Array
  readonly positions: readonly number[]
}

/** A chain as far as it was walked. */
interface WalkedChain {
  readonly walk: ChainWalk
  /** How many records are before the first one that was walked. */
  readonly start: number
  /** In the order of their numbers. */
  readonly kept: KeptRow[]
}

/** A record of an execution that the register mirrors: its first one, or one with which it ended. */
export interface MirroredRecord {
  readonly kind: Mirror['kind']
  readonly chain: string
  readonly n: number
  readonly pos: number
}

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
  readonly #walked = new Map<string, WalkedChain>()
  /** The newest one: mostly it goes on. */
  #present: WalkedChain | undefined
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
    return [...this.#walked.keys()]
  }

  /** Says where a chain goes on of which the beginning is not walked here. */
  begin(chain: string, start: WalkPoint): void {
    if (this.#walked.has(chain)) return
    const begun = { walk: new ChainWalk(this.origin, chain, start), start: start.n, kept: [] }
    this.#walked.set(chain, begun)
    keep(begun.kept, start)
  }

  /** Takes the next row of a chain. A row that was taken before must be the same. `said`: its body, where somebody has parsed it. */
  take(chain: string, row: LinkRow, isMirror: boolean, said?: JsonObject): void {
    const { walk, kept } = this.#chainOf(chain)
    const known = row.n <= walk.end.n ? keptAt(kept, row.n) : undefined
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
    if (this.#isWanted(chain, row.n)) keep(kept, walk.head)
    if (row.digest !== undefined) this.#span(row.pos)
    else if (isMirror) this.#mirror(chain, row, said)
    else this.#count(chain, row, said)
  }

  /** How many records of a chain are before the first one that was walked. */
  startOf(chain: string): number {
    return this.#walked.get(chain)?.start ?? 0
  }

  /** The head that a chain had when it had `n` records, where that was kept. */
  headAt(chain: string, n: number): ChainHead | undefined {
    const kept = keptAt(this.#walked.get(chain)?.kept ?? [], n)
    if (kept !== undefined) return { chain, ...kept }
    return n === 0 ? { chain, ...linkGenesis(this.origin, chain), positions: [] } : undefined
  }

  /** Whether a record that was not found had to be there: by its position, where that is known, or because its chain ends before it. */
  lacks(chain: string, n: number, pos = 0): boolean {
    return pos > this.#behind || ((this.isWhole || this.#walked.has(chain)) && n > this.head(chain).n)
  }

  /** The newest record of a chain. */
  head(chain: string): ChainHead {
    return (this.#walked.get(chain)?.walk ?? new ChainWalk(this.origin, chain)).head
  }

  /** Notes what is wrong, if it is the first that is. */
  find(fault: ChainFault | undefined): void {
    this.#fault ??= fault
  }

  #chainOf(chain: string): WalkedChain {
    if (this.#present?.walk.chain === chain) return this.#present
    const known = this.#walked.get(chain)
    this.#present = known ?? { walk: new ChainWalk(this.origin, chain), start: 0, kept: [] }
    if (known === undefined) this.#walked.set(chain, this.#present)
    return this.#present
  }

  #mirror(chain: string, { n, pos, body }: LinkRow, said = JSON.parse(body) as Json): void {
    const mirror = chain === REGISTER_CHAIN ? mirrorIn(said, pos) : undefined
    if (mirror !== undefined) this.#mirrors.push(mirror)
    else this.find({ seq: pos, reason: `record ${n} of ${chainWords(chain)} mirrors nothing` })
  }

  #span(pos: number): void {
    this.#first = this.#first === 0 ? pos : Math.min(this.#first, pos)
    this.#newest = Math.max(this.#newest, pos)
  }

  #count(chain: string, { n, pos, body }: LinkRow, known: JsonObject | undefined): void {
    this.#records += 1
    this.#span(pos)
    const isMarked = this.#isMirrored && chain !== REGISTER_CHAIN
    if (isMarked && n === 1) this.#marked.push({ kind: 'begun', chain, n, pos })
    const said = known ?? (HEEDED.test(body) ? (JSON.parse(body) as Json) : undefined)
    if (!isJsonObject(said)) return
    if (isMarked && said.type === 'ExecutionEnded') this.#marked.push({ kind: 'ended', chain, n, pos })
    const retirement = said.type === 'PolicyRetired' ? policyRetirementIn(said) : undefined
    if (retirement !== undefined) this.#retirements.push({ ...retirement, seq: pos })
    const decision = said.type === 'ApprovalDecided' ? keptDecisionIn(said) : undefined
    if (decision !== undefined) this.#decisions.push({ ...decision, seq: pos })
  }
}

/** What a record must hold to be looked into, before it is parsed. */
const HEEDED = /"type":"(?:ExecutionEnded|PolicyRetired|ApprovalDecided)"/

function keep(kept: KeptRow[], { n, hash, positions }: KeptRow): void {
  // By itself: a row may share its bytes with others that were read with it.
  kept.push({ n, hash: new Uint8Array(hash), positions })
}

/** What was kept of a row, by halving what is in order. */
function keptAt(kept: readonly KeptRow[], n: number): KeptRow | undefined {
  let [low, high] = [0, kept.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((kept[middle]?.n ?? n) < n) low = middle + 1
    else high = middle
  }
  const found = kept[low]
  return found?.n === n ? found : undefined
}
