import { z } from 'zod'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { JournalEvent } from '../event/event.ts'
import { objectIn } from '../event/record-text.ts'
import {
  BrokenChainError,
  hexOf,
  isHashed,
  type LinkPoint,
  type LinkRow,
  linkGenesis,
  REGISTER_CHAIN,
  sameBytes,
} from '../seal/chain.ts'
import type { Notes } from '../store/notes.ts'
import type { ChainReader } from './chain-reader.ts'
import { rowFault } from './derived-rows.ts'
import { type RecordRows, type StoredRow, type WalkPoint, walkRows } from './record-rows.ts'

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

export type Decisions = ReturnType<typeof decisionsOver>

/** The walk is kept, for an execution of many switches asks before each of its timed commits: only what is new is walked, and each decision that was found is compared with what it was. A process begins where another one has been (docs/adr/0111-what-was-walked-is-kept-in-the-store.md). */
export function decisionsOver({ rows, reading, origin, clock, notes }: DecisionsParts) {
  let walked: Walked | undefined
  let found = new Map<string, FoundRow[]>()
  let holding: FoundRow[] = []
  let isRemembered = false
  let last: Promise<unknown> = Promise.resolve()

  const heed = ({ n, pos, hash, body }: StoredRow) => {
    if (!SIGN.test(body)) return
    const { type, statement, plan } = JSON.parse(body) as {
      readonly type: string
      readonly statement?: { readonly plan: string }
      readonly plan?: string
    }
    if (isHolding(type)) holding.push([n, pos, hexOf(hash)])
    const about = type === 'ApprovalDecided' ? statement?.plan : type === 'ApprovalCarried' ? plan : undefined
    if (about === undefined) return
    const known = found.get(about) ?? []
    known.push([n, pos, hexOf(hash)])
    found.set(about, known)
  }

  const keep = async ({ n, hash, uncovered }: WalkPoint) => {
    const kept = { end: { n, hash: hexOf(hash), uncovered }, plans: Object.fromEntries(found), holding, version: 2 }
    await notes.set(KIND, NAME, JSON.stringify(kept), { lasts: LASTS }).catch(() => undefined)
  }

  const walkedFrom = async (from: WalkPoint): Promise<WalkPoint> => {
    const sealed = await reading.registerEnd()
    let end = from
    for (;;) {
      const some = await rows.registerBehind(end.n, sealed.n, ROWS)
      end = walkRows(end, some)
      for (const row of some) heed(row)
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
    if (end.n - from.n >= WORTH) await keep(end)
    return end
  }

  const rowsOf = async (plan: string) => {
    const known = found.get(plan) ?? []
    if (known.length === 0) return []
    const its = await rows.registerAt(known.map(([n]) => n))
    return areThose(its, known) ? its : undefined
  }

  const remembered = async (version: number | undefined, now: number): Promise<Walked | undefined> => {
    if (isRemembered) return undefined
    isRemembered = true
    const known = await notedDecisions(notes).catch(() => undefined)
    if (known === undefined) return undefined
    const { n, hash, uncovered } = known.end
    found = new Map(Object.entries(known.plans).map(([plan, its]) => [plan, [...its]]))
    holding = [...known.holding]
    return { version, since: now, end: { n, hash: Buffer.from(hash, 'hex'), uncovered } }
  }

  // From where to go on: from where this process was, unless somebody else has written to the file since or a minute is over; at first from
  // where any process was.
  const knownFrom = async (own: Walked | undefined, version: number | undefined, now: number) => {
    if (own === undefined) return remembered(version, now)
    return own.version === version && (version === undefined || now - own.since < LONGEST) ? own : undefined
  }

  const given = async (
    plan: string,
    { isFindable = false, ...upTo }: Walked,
    isStrict: boolean,
    before?: readonly StoredRow[],
  ) => {
    const { length } = found.get(plan) ?? []
    const its = before?.length === length ? before : await rowsOf(plan)
    if (its === undefined)
      throw new BrokenChainError({ seq: 0, reason: 'a decision of the register is not what it was' })
    if (isStrict && !isFindable) await requireFindable(rows, holding, upTo.end)
    walked = { ...upTo, isFindable: isFindable || isStrict }
    return its
  }

  const decisionsAbout = async (plan: string, sends: boolean) => {
    const version = rows.foreignWrites?.()
    const now = clock.monotonic()
    const own = walked
    walked = undefined
    const isStrict = sends && version !== undefined
    const known = await knownFrom(own, version, now)
    const before = known && (await rowsOf(plan))
    if (known !== undefined && before !== undefined) {
      const end = await walkedFrom(known.end).catch((thrown: unknown) => {
        if (version === undefined && thrown instanceof BrokenChainError) return undefined
        throw thrown
      })
      if (end !== undefined) return given(plan, { ...known, version, end }, isStrict, before)
    }
    // Nothing that is known counts: the store may have been put back to an earlier time.
    found = new Map()
    holding = []
    const beginning = { ...linkGenesis(origin, REGISTER_CHAIN), uncovered: [] }
    return given(plan, { version, since: now, end: await walkedFrom(beginning) }, isStrict)
  }

  return {
    /** Throws BrokenChainError where the register is not the one that was sealed. */
    about: (plan: string, toSend?: 'toSend'): Promise<readonly StoredRow[]> => {
      const about = last.then(() => decisionsAbout(plan, toSend === 'toSend'))
      last = about.catch(() => undefined)
      return about
    },
  }
}
