import type { z } from 'zod'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { recordedDecisionSchema } from '../event/record-schema.ts'
import {
  type ChainFault,
  isHashed,
  type LinkPoint,
  type LinkRow,
  linkGenesis,
  linkHash,
  REGISTER_CHAIN,
  sameBytes,
} from '../seal/chain.ts'
import type { ChainHead } from './chains-checkpoint.ts'

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

export type WalkedChains = ReturnType<typeof walkedChains>

export function walkedChains(
  origin: string,
  { isWhole = true, behind = Number.POSITIVE_INFINITY, isMirrored = true, isWanted = () => true }: WalkOptions = {},
) {
  const walked = new Map<string, WalkedChain>()
  let present: WalkedChain | undefined
  const mirrors: Mirror[] = []
  const marked: MirroredRecord[] = []
  const retirements: PolicyRetirement[] = []
  const decisions: KeptDecision[] = []
  let found: ChainFault | undefined
  let records = 0
  let first = 0
  let newest = 0

  function begin(chain: string, start: WalkPoint): void {
    if (walked.has(chain)) return
    const begun = { walk: chainWalk(origin, chain, start), start: start.n, kept: [] }
    walked.set(chain, begun)
    keep(begun.kept, start)
  }

  function take(chain: string, row: LinkRow, isMirror: boolean, said?: JsonObject): void {
    const { walk, kept } = chainOf(chain)
    const known = row.n <= walk.n() ? keptAt(kept, row.n) : undefined
    const fault = known === undefined ? walk.take(row) : faultOfTwin(walk, known, row)
    find(fault)
    if (known !== undefined || fault !== undefined) return
    if (isWanted(chain, row.n)) keep(kept, walk.head)
    if (row.digest !== undefined) span(row.pos)
    else if (isMirror) mirror(chain, row, said)
    else count(chain, row, said)
  }

  function faultOfTwin(walk: ChainWalk, known: KeptRow, row: LinkRow): ChainFault | undefined {
    const prev = headAt(walk.chain, row.n - 1)?.hash ?? row.prev
    const isSame = sameBytes(known.hash, row.hash) && sameBytes(known.hash, linkHash({ ...row, prev }))
    if (isSame && known.positions.at(-1) === row.pos) return undefined
    return walk.fault(row.pos, row.n, 'is there twice, and differs')
  }

  function startOf(chain: string): number {
    return walked.get(chain)?.start ?? 0
  }

  function headAt(chain: string, n: number): ChainHead | undefined {
    const kept = keptAt(walked.get(chain)?.kept ?? [], n)
    if (kept !== undefined) return { chain, ...kept }
    return n === 0 ? { chain, ...linkGenesis(origin, chain), positions: [] } : undefined
  }

  /** Whether a record that was not found had to be there: by its position, where that is known, or because its chain ends before it. */
  function lacks(chain: string, n: number, pos = 0): boolean {
    return pos > behind || ((isWhole || walked.has(chain)) && n > head(chain).n)
  }

  function head(chain: string): ChainHead {
    return (walked.get(chain)?.walk ?? chainWalk(origin, chain)).head
  }

  function find(fault: ChainFault | undefined): void {
    found ??= fault
  }

  function chainOf(chain: string): WalkedChain {
    if (present?.walk.chain === chain) return present
    const known = walked.get(chain)
    present = known ?? { walk: chainWalk(origin, chain), start: 0, kept: [] }
    if (known === undefined) walked.set(chain, present)
    return present
  }

  function mirror(chain: string, { n, pos, body }: LinkRow, said = JSON.parse(body) as Json): void {
    const mirror = chain === REGISTER_CHAIN ? mirrorIn(said, pos) : undefined
    if (mirror !== undefined) mirrors.push(mirror)
    else find({ seq: pos, reason: `record ${n} of ${chainWords(chain)} mirrors nothing` })
  }

  function span(pos: number): void {
    first = first === 0 ? pos : Math.min(first, pos)
    newest = Math.max(newest, pos)
  }

  function count(chain: string, { n, pos, body }: LinkRow, known: JsonObject | undefined): void {
    records += 1
    span(pos)
    const isMarked = isMirrored && chain !== REGISTER_CHAIN
    if (isMarked && n === 1) marked.push({ kind: 'begun', chain, n, pos })
    const said = known ?? (HEEDED.test(body) ? (JSON.parse(body) as Json) : undefined)
    if (!isJsonObject(said)) return
    if (isMarked && said.type === 'ExecutionEnded') marked.push({ kind: 'ended', chain, n, pos })
    heed(said, pos)
  }

  function heed(said: JsonObject, pos: number): void {
    const retirement = said.type === 'PolicyRetired' ? policyRetirementIn(said) : undefined
    if (retirement !== undefined) retirements.push({ ...retirement, seq: pos })
    // One of a version that is not known here is none.
    const decision = said.type === 'ApprovalDecided' ? recordedDecisionSchema.safeParse(said).data : undefined
    if (decision !== undefined) decisions.push({ ...decision, seq: pos })
  }

  return {
    get fault() {
      return found
    },
    get records() {
      return records
    },
    get span() {
      return { first, newest }
    },
    get chains() {
      return [...walked.keys()]
    },
    ...{ origin, isWhole, mirrors, marked, retirements, decisions },
    ...{ begin, take, startOf, headAt, lacks, head, find },
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

export interface PolicyRetirement {
  readonly seq: number
  readonly by: string
  readonly file: string
  readonly policy: string
  /** When that policy came into force, and the digest of the one before it, where the record says so. */
  readonly since?: string
  readonly before?: string
}

/** The retirement that a record speaks of, by its body, which was parsed; undefined where it is another record. */
export function policyRetirementIn(said: Json): PolicyRetirement | undefined {
  if (!isJsonObject(said) || said.type !== 'PolicyRetired') return undefined
  const { seq, principal, file, policy, since, before } = said
  return {
    seq: Number(seq),
    by: isJsonObject(principal) ? String(principal.id) : '',
    file: String(file),
    policy: String(policy),
    ...(typeof since === 'string' ? { since } : {}),
    ...(typeof before === 'string' ? { before } : {}),
  }
}

export function faultOfMirrors(chains: WalkedChains, mirrors: readonly Mirror[]): ChainFault | undefined {
  for (const mirror of mirrors) {
    const reason = reasonOf(chains, mirror)
    if (reason !== undefined) return { seq: mirror.pos, reason }
  }
  const mirrored = new Map<string, Mirror[]>()
  for (const mirror of mirrors) {
    const known = mirrored.get(mirror.execution)
    if (known === undefined) mirrored.set(mirror.execution, [mirror])
    else known.push(mirror)
  }
  const bare = chains.marked.find(
    ({ kind, chain, n }) => mirrored.get(chain)?.some((mirror) => mirror.kind === kind && mirror.n === n) !== true,
  )
  if (bare === undefined) return undefined
  return {
    seq: bare.pos,
    reason: `the register does not have that record ${bare.n} of ${chainWords(bare.chain)} ${verb(bare.kind)} it`,
  }
}

const verb = (kind: Mirror['kind']): string => (kind === 'begun' ? 'began' : 'ended')

function reasonOf(chains: WalkedChains, { kind, execution, n, hash, pos }: Mirror) {
  const found = chains.headAt(execution, n)
  const which = `record ${n} of ${chainWords(execution)}`
  if (found === undefined)
    return chains.lacks(execution, n, pos)
      ? `${which} is missing: the register has that it ${verb(kind)} it`
      : undefined
  if (!sameBytes(found.hash, hash)) return `${which} is not the one that ${verb(kind)} it by the register`
  return found.positions.at(-1) === pos ? undefined : `${which} is at another place than the register has it`
}

export interface WalkPoint extends LinkPoint {
  readonly positions: readonly number[]
}

type ChainWalk = ReturnType<typeof chainWalk>

function chainWalk(origin: string, chain: string, start?: WalkPoint) {
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
