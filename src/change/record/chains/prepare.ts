import { EosflowError } from '../../../model/error.ts'
import { positionIn } from '../event/cursor.ts'
import type { JournalEvent } from '../event/event.ts'
import { usesIn } from '../event/event-uses.ts'
import { recordAt } from '../event/record-text.ts'
import { hexOf } from '../seal/chain.ts'
import { linkGenesis, linkHash, REGISTER_CHAIN } from '../seal/link.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { beginningIn, type FreezeRecord, freezesAmong, requireNotFrozen } from '../store/freeze.ts'
import { type Lease, leasedAct, takesOver } from '../store/lease.ts'
import type { ExecutionRow, HeadRow } from './append-basis.ts'
import { type AppendRequest, wokenBy } from './append-request.ts'
import { leadsOn, needsWhole } from './forward.ts'
import type { TakenTokens } from './lease-book.ts'
import { type KnownLeases, leasesAfter } from './leases-after.ts'
import { executionText, registerText, type SealedHead } from './seal.ts'

export interface LastSeen extends KnownLeases {
  readonly register: Pick<HeadRow, 'n'>
  readonly executions: ReadonlyMap<string, ExecutionRow>
  readonly freezes: { readonly version: number; readonly records: readonly JournalEvent[] }
  readonly isUnderWay: (execution: string) => boolean
}

export interface AppendTerms {
  readonly origin: string
  readonly keys: StoreKeys
  readonly quarantineSeconds: number
  readonly isReplicated: boolean
}

export interface SentRow {
  readonly n: number
  readonly covers: readonly number[]
  readonly prev: string
  readonly hash: string
  readonly body: string
  readonly mirror?: 'begun' | 'ended'
  readonly execution?: string
  readonly of?: number
}

export interface SentAppend {
  readonly sent: {
    readonly execution?: string
    readonly base?: Pick<HeadRow, 'n' | 'hash'>
    readonly head?: SealedHead & { readonly seal: string }
    readonly register?: {
      readonly base: Pick<HeadRow, 'n' | 'hash'>
      readonly rows: readonly SentRow[]
      readonly head: HeadRow
    }
    readonly leases?: readonly { readonly was?: object; readonly now: { readonly device: string } }[]
    readonly [member: string]: unknown
  }
  readonly hash: string
  /** The register behind this request, which the next one of the group goes on from. */
  readonly register: HeadRow
  readonly leases: ReadonlyMap<string, Lease>
  readonly tokens: TakenTokens
}

/** Throws what the rules of the journal throw, each refused alone. */
export function prepare(request: AppendRequest, register: HeadRow, known: LastSeen, context: AppendTerms): SentAppend {
  const { execution, events, at } = request
  requireNoneTwice(events)
  if (execution !== undefined) requireAllowed(execution, events, freezesAmong(known.freezes.records, at), known)
  const leases = leasesAfter(request, known, context.quarantineSeconds)
  const present = execution === undefined ? undefined : known.executions.get(execution)
  const own = execution === undefined ? undefined : executionPart(request, execution, present, context)
  const rows = registerRows(request, own?.rows ?? [], present === undefined, register, context.origin)
  const after = registerAfter(register, rows, context)
  const uses = events.flatMap(usesIn).map(({ key }) => key)
  const isNew = execution !== undefined && present === undefined
  const isRisky = uses.length > 0 || isNew || leases.sent.some((put) => !('was' in put))
  return {
    sent: {
      ...own?.sent,
      ...conditionsOf(request, known),
      ...some('leases', leases.sent),
      ...some('uses', uses),
      ...(rows.length === 0 ? {} : { register: { base: register, rows, head: after } }),
      ...(execution === undefined ? outsidePart(events) : insidePart(events, known, context)),
      ...(isRisky ? { risky: true } : {}),
    },
    hash: own?.hash ?? after.hash,
    register: after,
    leases: leases.after,
    tokens: leases.tokens,
  }
}

function outsidePart(events: readonly JournalEvent[]): object {
  const { wakes, answers } = wokenBy(events)
  return {
    ...some('wakes', wakes),
    ...some('answers', answers),
    ...(events.some(({ type }) => type === 'ClockAccepted') ? { clock: true } : {}),
    ...(events.some(isFreeze) ? { freezing: true } : {}),
  }
}

function insidePart(events: readonly JournalEvent[], known: LastSeen, { isReplicated }: AppendTerms): object {
  return {
    ...some(
      'tokens',
      events.flatMap((event) => (event.type === 'TaskSubmitted' ? [event.token] : [])),
    ),
    ...(beginningIn(events) === undefined ? {} : { freezes: known.freezes.version }),
    ...(isReplicated && events.some(leadsOn) ? { replicated: true } : {}),
  }
}

function registerAfter(register: HeadRow, rows: readonly SentRow[], { keys, origin }: AppendTerms) {
  const head = rows.at(-1)
  if (head === undefined) return register
  return { n: head.n, hash: head.hash, seal: keys.seal(registerText(origin, head)), uncovered: [] }
}

const some = (name: string, items: readonly unknown[]): object => (items.length === 0 ? {} : { [name]: items })

function isFreeze({ type }: JournalEvent) {
  return type === 'FreezeSet' || type === 'FreezeEnded'
}

function requireNoneTwice(events: readonly JournalEvent[]) {
  const keys = new Set<string>()
  for (const { key, refusal } of events.flatMap(usesIn)) {
    if (keys.has(key)) throw refusal()
    keys.add(key)
  }
}

function requireAllowed(
  execution: string,
  events: readonly JournalEvent[],
  freezes: readonly FreezeRecord[],
  known: LastSeen,
) {
  requireNotFrozen(
    events,
    () => freezes,
    () => known.isUnderWay(execution),
  )
}

function conditionsOf({ execution, after, events }: AppendRequest, { register }: LastSeen): object {
  const whole = needsWhole(events) ? [{ whole: register.n }] : []
  if (typeof after === 'number') {
    return { ...(execution === undefined ? {} : { newest: after }), ...some('conditions', whole) }
  }
  const conditions = (after ?? []).map((condition) => {
    if ('policy' in condition) return condition
    const { of, newest, unaskedSince } = condition
    return { of, newest, ...(unaskedSince === undefined ? {} : { since: positionIn(unaskedSince) }) }
  })
  return some('conditions', [...whole, ...conditions])
}

function executionPart(
  { events, drafts }: AppendRequest,
  execution: string,
  present: ExecutionRow | undefined,
  { origin, keys }: AppendTerms,
): { readonly sent: object; readonly rows: readonly SentRow[]; readonly hash: string } {
  const base = present ?? { ...hexPoint(origin, execution), uncovered: [] }
  const bodies = drafts.map((draft, index) => recordAt(draft, base.n + 1 + index))
  const rows = linked(base, bodies)
  const { n, hash } = rows.at(-1) ?? base
  let [isOpen, hasActed] = [present?.isOpen ?? true, present?.hasActed ?? false]
  for (const event of events) {
    isOpen = event.type === 'ExecutionEnded' ? false : isOpen || event.type === 'ExecutionRedriven'
    hasActed ||= leasedAct(event) !== undefined
  }
  const head = { n, hash, isOpen, hasActed }
  const sent = {
    execution,
    base: { n: base.n, hash: base.hash },
    rows,
    head: { ...head, seal: keys.seal(executionText(origin, execution, head)) },
    ...(present === undefined ? {} : { token: present.token }),
    ...(present !== undefined && events.some(takesOver) ? { take: true } : {}),
    ...(!isOpen && events.some(({ type }) => type === 'ExecutionEnded') ? { rests: true } : {}),
  }
  return { sent, rows, hash }
}

function hexPoint(origin: string, chain: string): Pick<HeadRow, 'n' | 'hash'> {
  const { n, hash } = linkGenesis(origin, chain)
  return { n, hash: hexOf(hash) }
}

export function emptyRegister(origin: string, keys: StoreKeys): HeadRow {
  const point = hexPoint(origin, REGISTER_CHAIN)
  return { ...point, seal: keys.seal(registerText(origin, point)), uncovered: [] }
}

function linked(base: Pick<HeadRow, 'n' | 'hash' | 'uncovered'>, bodies: readonly string[]): readonly SentRow[] {
  let { n, hash: prev } = base
  let covers = base.uncovered
  return bodies.map((body) => {
    n += 1
    const hash = Buffer.from(linkHash({ n, prev: Buffer.from(prev, 'hex'), covers, body })).toString('hex')
    const row = { n, covers, prev, hash, body }
    prev = hash
    covers = []
    return row
  })
}

function registerRows(
  { execution, drafts, events, at }: AppendRequest,
  written: readonly SentRow[],
  isFirst: boolean,
  register: HeadRow,
  origin: string,
): readonly SentRow[] {
  if (execution === undefined)
    return linked(
      register,
      drafts.map((draft, index) => recordAt(draft, register.n + 1 + index)),
    )
  const mirrored = events.flatMap((event, index) => [
    ...(isFirst && index === 0 ? [{ mirror: 'begun', index } as const] : []),
    ...(event.type === 'ExecutionEnded' ? [{ mirror: 'ended', index } as const] : []),
  ])
  const bodies = mirrored.map(({ mirror, index }, place) => {
    const row = written[index]
    if (row === undefined) throw new EosflowError('bug', `no row to mirror in ${origin}`)
    const { hash, n } = row
    return JSON.stringify({ at, execution, hash, mirror, n, seq: register.n + 1 + place, v: 1 })
  })
  return linked(register, bodies).map((row, place) => {
    const { mirror = 'begun', index = 0 } = mirrored[place] ?? {}
    return { ...row, mirror, execution, of: index + 1 }
  })
}
