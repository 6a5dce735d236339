import { z } from 'zod'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { JournalEvent } from '../event/event.ts'
import { objectIn } from '../event/record-text.ts'
import { BrokenChainError, hexOf, sameBytes } from '../seal/chain.ts'
import { isHashed, type LinkPoint, type LinkRow, linkGenesis, REGISTER_CHAIN } from '../seal/link.ts'
import type { Notes } from '../store/notes.ts'
import type { ChainReader } from './chain-reader.ts'
import { rowFault } from './derived-rows.ts'
import type { RecordRows } from './record-rows.ts'
import { type StoredRow, type WalkPoint, walkRows } from './rows.ts'

// Of each row its number, its position and its hash.
const found = z.array(z.tuple([z.int(), z.int(), z.string()]))
type FoundRow = Readonly<z.output<typeof found>[number]>

const schema = z.strictObject({
  version: z.literal(2),
  end: z.strictObject({ n: z.int(), hash: z.string(), uncovered: z.array(z.int()).readonly() }),
  plans: z.record(z.string(), found),
  holding: found,
})
type FoundDecisions = Omit<z.output<typeof schema>, 'version'>

const KIND = 'decisions'
const NAME = 'register'
// What nobody has written again for so long is walked again, in milliseconds.
const LASTS = 90 * 86_400_000

// What was found of decisions, and of what holds changes back, is kept as a note: nobody without the key makes one, or alters it.
async function notedDecisions(notes: Notes): Promise<FoundDecisions | undefined> {
  const note = await notes.read(KIND, NAME)
  return note === undefined ? undefined : schema.safeParse(JSON.parse(note.text)).data
}

const HOLDING = [
  'FreezeSet',
  'FreezeEnded',
  'StopRequested',
  'SuspendRequested',
  'DeviceReleased',
  'ScheduleChanged',
  'PolicyLoaded',
  'PolicyRetired',
  'BundlePublished',
  'RecordsMissed',
  'StoreRestored',
] as const satisfies readonly JournalEvent['type'][]

function isHolding(type: string) {
  return HOLDING.some((one) => one === type)
}

function areThose(rows: readonly LinkRow[], found: readonly FoundRow[]) {
  const areFound = found.every(([n, pos, hash], index) => {
    const row = rows[index]
    return row?.n === n && row.pos === pos && hexOf(row.hash) === hash && isHashed(row)
  })
  return areFound && rows.length === found.length
}

// Throws `store`.
async function requireFindable(
  { withColumns }: Pick<RecordRows, 'withColumns'>,
  walked: readonly FoundRow[],
  { n }: LinkPoint,
) {
  const found = (await withColumns?.(HOLDING, n)) ?? []
  const rows = found.map(({ row }) => row)
  if (areThose(rows, walked) && found.every((one) => rowFault(one, objectIn(one.row.body) ?? {}) === undefined)) return
  throw new EosflowError(
    'store',
    'a freeze, a word to stop or another record that holds changes back was altered or hidden',
    {
      hint: 'Nothing is sent by this store. `eosflow audit verify` names the record. Keep the store as evidence, and go on with a copy from before.',
    },
  )
}

// How long the register is not walked again from its beginning where others may have altered it, in milliseconds.
const LONGEST = 60_000
// So many rows are read at once.
const ROWS = 1_000
// What was found is kept for other processes once so many rows were walked.
const WORTH = 500

const SIGN = new RegExp(`"type":"(?:Approval(?:Decided|Carried)|${HOLDING.join('|')})"`)

export interface DecisionsParts {
  readonly rows: RecordRows
  readonly reading: Pick<ChainReader, 'registerEnd'>
  readonly origin: string
  readonly clock: Pick<Clock, 'monotonic'>
  readonly notes: Notes
}

interface Walked {
  readonly version: number | undefined
  readonly since: number
  readonly end: WalkPoint
  readonly isFindable?: boolean
}

/** The walk is kept, for an execution of many switches asks before each of its timed commits: only what is new is walked, and each decision that was found is compared with what it was. A process begins where another one has been (docs/adr/0111-what-was-walked-is-kept-in-the-store.md). */
export class Decisions {
  readonly #parts: DecisionsParts
  #walked: Walked | undefined
  #found = new Map<string, FoundRow[]>()
  #holding: FoundRow[] = []
  #isRemembered = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: DecisionsParts) {
    this.#parts = parts
  }

  /** Throws BrokenChainError where the register is not the one that was sealed. */
  about(plan: string, toSend?: 'toSend'): Promise<readonly StoredRow[]> {
    const about = this.#last.then(() => this.#about(plan, toSend === 'toSend'))
    this.#last = about.catch(() => undefined)
    return about
  }

  async #about(plan: string, sends: boolean) {
    const { rows, clock } = this.#parts
    const version = rows.foreignWrites?.()
    const now = clock.monotonic()
    const own = this.#walked
    this.#walked = undefined
    const isStrict = sends && version !== undefined
    const known = await this.#known(own, version, now)
    const before = known && (await this.#rowsOf(plan))
    if (known !== undefined && before !== undefined) {
      const end = await this.#walkedFrom(known.end).catch((thrown: unknown) => {
        if (version === undefined && thrown instanceof BrokenChainError) return undefined
        throw thrown
      })
      if (end !== undefined) return this.#given(plan, { ...known, version, end }, isStrict, before)
    }
    // Nothing that is known counts: the store may have been put back to an earlier time.
    this.#found = new Map()
    this.#holding = []
    return this.#given(plan, { version, since: now, end: await this.#walkedFrom(this.#beginning) }, isStrict)
  }

  // From where to go on: from where this process was, unless somebody else has written to the file since or a minute is over; at first from
  // where any process was.
  async #known(own: Walked | undefined, version: number | undefined, now: number): Promise<Walked | undefined> {
    if (own === undefined) return this.#remembered(version, now)
    return own.version === version && (version === undefined || now - own.since < LONGEST) ? own : undefined
  }

  async #given(
    plan: string,
    { isFindable = false, ...walked }: Walked,
    isStrict: boolean,
    before?: readonly StoredRow[],
  ) {
    const { length } = this.#found.get(plan) ?? []
    const given = before?.length === length ? before : await this.#rowsOf(plan)
    if (given === undefined)
      throw new BrokenChainError({ seq: 0, reason: 'a decision of the register is not what it was' })
    if (isStrict && !isFindable) await requireFindable(this.#parts.rows, this.#holding, walked.end)
    this.#walked = { ...walked, isFindable: isFindable || isStrict }
    return given
  }

  get #beginning(): WalkPoint {
    return { ...linkGenesis(this.#parts.origin, REGISTER_CHAIN), uncovered: [] }
  }

  async #walkedFrom(from: WalkPoint) {
    const { rows, reading } = this.#parts
    const sealed = await reading.registerEnd()
    let end = from
    for (;;) {
      const some = await rows.registerBehind(end.n, sealed.n, ROWS)
      end = walkRows(end, some)
      for (const row of some) this.#heed(row)
      if (some.length < ROWS) break
    }
    const { uncovered = end.uncovered } = sealed
    // The positions of the newest rows are under no later row, but they are sealed.
    const isPlaced =
      uncovered.length === end.uncovered.length && uncovered.every((pos, at) => pos === end.uncovered[at])
    if (end.n !== sealed.n || !sameBytes(end.hash, sealed.hash) || !isPlaced)
      throw new BrokenChainError({
        seq: end.uncovered.at(-1) ?? 0,
        reason: 'the register does not end where it was sealed',
      })
    if (end.n - from.n >= WORTH) await this.#keep(end)
    return end
  }

  #heed({ n, pos, hash, body }: StoredRow) {
    if (!SIGN.test(body)) return
    const { type, statement, plan } = JSON.parse(body) as {
      readonly type: string
      readonly statement?: { readonly plan: string }
      readonly plan?: string
    }
    if (isHolding(type)) this.#holding.push([n, pos, hexOf(hash)])
    const about = type === 'ApprovalDecided' ? statement?.plan : type === 'ApprovalCarried' ? plan : undefined
    if (about === undefined) return
    const found = this.#found.get(about) ?? []
    found.push([n, pos, hexOf(hash)])
    this.#found.set(about, found)
  }

  async #rowsOf(plan: string) {
    const found = this.#found.get(plan) ?? []
    if (found.length === 0) return []
    const rows = await this.#parts.rows.registerAt(found.map(([n]) => n))
    return areThose(rows, found) ? rows : undefined
  }

  async #remembered(version: number | undefined, now: number): Promise<Walked | undefined> {
    if (this.#isRemembered) return undefined
    this.#isRemembered = true
    const known = await notedDecisions(this.#parts.notes).catch(() => undefined)
    if (known === undefined) return undefined
    const { n, hash, uncovered } = known.end
    this.#found = new Map(Object.entries(known.plans).map(([plan, found]) => [plan, [...found]]))
    this.#holding = [...known.holding]
    return { version, since: now, end: { n, hash: Buffer.from(hash, 'hex'), uncovered } }
  }

  async #keep({ n, hash, uncovered }: WalkPoint) {
    const end = { n, hash: hexOf(hash), uncovered }
    const found = { end, plans: Object.fromEntries(this.#found), holding: this.#holding, version: 2 }
    await this.#parts.notes.set(KIND, NAME, JSON.stringify(found), { lasts: LASTS }).catch(() => undefined)
  }
}
