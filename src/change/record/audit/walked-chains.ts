import type { z } from 'zod'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { recordedDecisionSchema } from '../event/approval-schema.ts'
import { type ChainFault, sameBytes } from '../seal/chain.ts'
import { type LinkRow, linkGenesis, linkHash, REGISTER_CHAIN } from '../seal/link.ts'
import { ChainWalk, chainWords, type WalkPoint } from './chain-walk.ts'
import type { ChainHead } from './chains-checkpoint.ts'
import { type PolicyRetirement, policyRetirementIn } from './policy-retirement.ts'

export interface Mirror {
  readonly kind: 'begun' | 'ended'
  readonly execution: string
  readonly n: number
  readonly hash: Uint8Array
  readonly pos: number
}

// The mirror that the body of a row of the register is, which was parsed; undefined where it is none.
function mirrorIn(said: Json, pos: number): Mirror | undefined {
  if (!isJsonObject(said)) return undefined
  const { mirror, execution, n, hash, v } = said
  if (v !== 1 || (mirror !== 'begun' && mirror !== 'ended')) return undefined
  if (typeof execution !== 'string' || !Number.isSafeInteger(n) || typeof hash !== 'string') return undefined
  return { kind: mirror, execution, n: Number(n), hash: Buffer.from(hash, 'hex'), pos }
}

// What is kept of a row, so that a checkpoint that speaks of it can be judged.
interface KeptRow {
  readonly n: number
  readonly hash: Uint8Array
  readonly positions: readonly number[]
}

interface WalkedChain {
  readonly walk: ChainWalk
  readonly start: number
  readonly kept: KeptRow[]
}

export type KeptDecision = Omit<z.output<typeof recordedDecisionSchema>, 'type'>

export interface MirroredRecord {
  readonly kind: Mirror['kind']
  readonly chain: string
  readonly n: number
  readonly pos: number
}

export interface WalkOptions {
  readonly isWhole?: boolean
  /** In an export: the position behind which every record of every chain is there. */
  readonly behind?: number
  readonly isMirrored?: boolean
  readonly isWanted?: (chain: string, n: number) => boolean
}

export class WalkedChains {
  readonly origin: string
  readonly isWhole: boolean
  readonly #behind: number
  readonly #walked = new Map<string, WalkedChain>()
  #present: WalkedChain | undefined
  readonly #isWanted: (chain: string, n: number) => boolean
  readonly #isMirrored: boolean
  readonly mirrors: Mirror[] = []
  readonly marked: MirroredRecord[] = []
  readonly retirements: PolicyRetirement[] = []
  readonly decisions: KeptDecision[] = []
  #fault: ChainFault | undefined
  #records = 0
  #first = 0
  #newest = 0

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

  get fault(): ChainFault | undefined {
    return this.#fault
  }

  get records(): number {
    return this.#records
  }

  get span(): { readonly first: number; readonly newest: number } {
    return { first: this.#first, newest: this.#newest }
  }

  get chains(): readonly string[] {
    return [...this.#walked.keys()]
  }

  begin(chain: string, start: WalkPoint): void {
    if (this.#walked.has(chain)) return
    const begun = { walk: new ChainWalk(this.origin, chain, start), start: start.n, kept: [] }
    this.#walked.set(chain, begun)
    keep(begun.kept, start)
  }

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

  startOf(chain: string): number {
    return this.#walked.get(chain)?.start ?? 0
  }

  headAt(chain: string, n: number): ChainHead | undefined {
    const kept = keptAt(this.#walked.get(chain)?.kept ?? [], n)
    if (kept !== undefined) return { chain, ...kept }
    return n === 0 ? { chain, ...linkGenesis(this.origin, chain), positions: [] } : undefined
  }

  /** Whether a record that was not found had to be there: by its position, where that is known, or because its chain ends before it. */
  lacks(chain: string, n: number, pos = 0): boolean {
    return pos > this.#behind || ((this.isWhole || this.#walked.has(chain)) && n > this.head(chain).n)
  }

  head(chain: string): ChainHead {
    return (this.#walked.get(chain)?.walk ?? new ChainWalk(this.origin, chain)).head
  }

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
    if (mirror !== undefined) this.mirrors.push(mirror)
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
    if (isMarked && n === 1) this.marked.push({ kind: 'begun', chain, n, pos })
    const said = known ?? (HEEDED.test(body) ? (JSON.parse(body) as Json) : undefined)
    if (!isJsonObject(said)) return
    if (isMarked && said.type === 'ExecutionEnded') this.marked.push({ kind: 'ended', chain, n, pos })
    const retirement = said.type === 'PolicyRetired' ? policyRetirementIn(said) : undefined
    if (retirement !== undefined) this.retirements.push({ ...retirement, seq: pos })
    // One of a version that is not known here is none.
    const decision = said.type === 'ApprovalDecided' ? recordedDecisionSchema.safeParse(said).data : undefined
    if (decision !== undefined) this.decisions.push({ ...decision, seq: pos })
  }
}

// What a record must hold to be looked into, before it is parsed.
const HEEDED = /"type":"(?:ExecutionEnded|PolicyRetired|ApprovalDecided)"/

function keep(kept: KeptRow[], { n, hash, positions }: KeptRow) {
  // By itself: a row may share its bytes with others that were read with it.
  kept.push({ n, hash: new Uint8Array(hash), positions })
}

function keptAt(kept: readonly KeptRow[], n: number) {
  let [low, high] = [0, kept.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((kept[middle]?.n ?? n) < n) low = middle + 1
    else high = middle
  }
  const found = kept[low]
  return found?.n === n ? found : undefined
}
