import { foldAll } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { selectDevices } from '../../../change/inventory/selector.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { OUTCOMES } from '../../../change/record/event/record-schema.ts'
import { MissingSegmentError } from '../../../change/record/seal/chain.ts'
import { isChange } from '../../../change/record/store/is-change.ts'
import type { ExecutionSummary, ResolvedExecution } from '../../../change/record/store/store.ts'
import type { DeviceEnd } from '../../../model/act.ts'
import { definedMembers } from '../../../model/json.ts'
import { identityOf } from '../../../model/principal.ts'
import { type ExecutionRow, endsOf, standingWord } from '../../../report/execution/row.ts'
import { decided, mayEver } from '../../access/policy/authority.ts'
import { aboutExecution, readable } from '../../access/policy/entry.ts'
import type { RecordApp } from '../../app/app.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { inputError, orProblems } from '../../system/process/input-error.ts'
import { suspensionSince } from '../requests/stop-asked.ts'
import { type KeptExecution, keptExecutions } from './kept-executions.ts'

const PAGE = 20
const LARGEST = 100

export interface ListingRequest {
  readonly target: string | undefined
  readonly states: readonly string[]
  readonly touched: boolean
  readonly most: number
  readonly before?: string
  readonly purpose?: 'plan' | 'run' | undefined
  /** Only changes, as {@link isChange} tells them, or only the others; absent: all. */
  readonly kind?: 'changes' | 'plans' | undefined
  readonly workflow?: string
  /** A part of the name of who has begun them; absent: anybody. */
  readonly by?: string
  /** At most so many executions are looked at, so that what it costs does not depend on the history; all without it. */
  readonly looks?: number
  /** Takes each row as soon as it is found, so that there may be more than fit into memory: the listing has none then. */
  readonly take?: (row: ExecutionRow) => Promise<void>
}

export interface ListContinuation {
  readonly id: string
  /** When it began, ISO 8601 in UTC. */
  readonly at: string
  readonly isSearch: boolean
}

/** Executions, newest first. */
export interface Listing {
  readonly rows: readonly ExecutionRow[]
  readonly seen: number
  readonly more?: ListContinuation
  /** How many were not looked at, because their segment is not at its place, and which one. */
  readonly elsewhere?: { readonly count: number; readonly error: MissingSegmentError }
}

/** `open` is every execution that has not ended. */
export const STATES: readonly string[] = [
  ...OUTCOMES,
  'open',
  'waiting',
  'waiting-for-signal',
  'suspended',
  'running',
  'compensating',
]

/**
 * Lists executions, newest first, and reads no more of the record than it has to. Throws `not-authorised` when there are executions and
 * none may be read; InputError.
 */
export async function listExecutions(app: RecordApp, caller: SilentCaller, wanted: ListingRequest): Promise<Listing> {
  const { denied, seen, ...listing } = await lookedThrough(app, caller, wanted)
  // Behind what was looked at there may be some for whoever a rule lets read any.
  const isOpenEnded = listing.more !== undefined && mayEver(app, caller, 'execution.read')
  if (seen === 0 && !isOpenEnded)
    await (areOpen(wanted.states) ? requireAny(app, caller, wanted) : readable(app, caller, denied))
  return { ...listing, seen }
}

async function lookedThrough(
  app: RecordApp,
  caller: SilentCaller,
  wanted: ListingRequest,
): Promise<Listing & { readonly denied: readonly Begun[] }> {
  const { target, most, looks = Number.POSITIVE_INFINITY } = wanted
  const names = target === undefined ? undefined : await namesOf(app, target, wanted)
  const rows: ExecutionRow[] = []
  const take = wanted.take ?? (async (row: ExecutionRow) => void rows.push(row))
  const denied: Begun[] = []
  const away: MissingSegmentError[] = []
  let [looked, listed] = [0, 0]
  let last: Begun | undefined
  let more: Pick<Listing, 'more'> = {}
  for await (const { begun, found } of everyLooked(app, caller, wanted, names)) {
    const isFull = listed >= most
    if (last !== undefined && (isFull || looked >= looks)) {
      more = { more: { id: last.state.id, at: last.at, isSearch: !isFull } }
      break
    }
    last = begun
    looked += 1
    if (found === 'denied') denied.push(begun)
    else if (found instanceof MissingSegmentError) away.push(found)
    else if (isRow(found) && isListed(found, wanted, names)) {
      listed += 1
      await take(found)
    }
  }
  const [error] = away
  const elsewhere = error === undefined ? {} : { elsewhere: { count: away.length, error } }
  return { rows, denied, seen: looked - denied.length - away.length, ...more, ...elsewhere }
}

async function requireAny(app: RecordApp, caller: SilentCaller, { looks }: ListingRequest) {
  const any = { target: undefined, states: [], touched: false, most: 1 }
  await listExecutions(app, caller, { ...any, ...definedMembers({ looks }) })
}

interface Looked {
  readonly begun: Begun
  readonly found: ExecutionRow | MissingSegmentError | 'denied' | undefined
}

const isRow = (found: Looked['found']): found is ExecutionRow => typeof found === 'object' && 'standing' in found

// Every execution that is meant, newest first.
async function* everyLooked(
  app: RecordApp,
  caller: SilentCaller,
  wanted: ListingRequest,
  names: ReadonlySet<string> | undefined,
): AsyncGenerator<Looked> {
  const look = async (one: ExecutionSummary): Promise<Looked> => {
    const begun = { state: begunState(one), at: one.first.at }
    if (decided(app, caller, 'execution.read', aboutExecution(begun.state)).effect !== 'allow')
      return { begun, found: 'denied' }
    return {
      begun,
      found: canBeListed(begun.state, one, wanted, names) ? await rowHere(app, one, wanted, names) : undefined,
    }
  }
  const { most, before: beforeAll, states, looks = Number.POSITIVE_INFINITY } = wanted
  const open = areOpen(states)
  let limit = Math.min(most + 1, most <= PAGE ? PAGE + 1 : LARGEST)
  let before = beforeAll
  for (let looked = 0; looked <= looks; ) {
    // A list of all is asked for once.
    const again = wanted.take === undefined
    const page = await app.store.executions({ limit, open, again, ...definedMembers({ before }) })
    const found = await Promise.all(page.map(look))
    yield* found
    before = page.at(-1)?.id
    if (before === undefined || page.length < limit) return
    looked += page.length
    // Where few are meant, larger pages find them with fewer questions.
    if (!found.some((one) => isRow(one.found))) limit = Math.min(2 * limit, LARGEST)
  }
}

async function rowHere(
  app: RecordApp,
  one: ExecutionSummary,
  { take, touched }: ListingRequest,
  names: ReadonlySet<string> | undefined,
): Promise<ExecutionRow | MissingSegmentError | undefined> {
  const { id, first, last } = one
  try {
    // Of a list of all, those that have ended are most: they are not folded, and not kept.
    const ended = take === undefined ? undefined : await endedRow(app, one)
    if (ended !== undefined) return ended
    const kept = await keptExecutions(app.store).of(id, last)
    // Who runs it, and whether it rests, is asked of those alone that can be listed.
    if (touched && !hasTouched({ state: kept.view.execution }, names)) return undefined
    return await executionRow(app, first.at, kept)
  } catch (error) {
    if (error instanceof MissingSegmentError) return error
    throw error
  }
}

const TELLING = ['PlanMade', 'ExecutionRedriven', 'SitesDivided', 'SiteEnded'] as const

async function endedRow(app: RecordApp, { id, first, last }: ExecutionSummary): Promise<ExecutionRow | undefined> {
  if (last.type !== 'ExecutionEnded') return undefined
  const between = await app.store.read(id, { of: TELLING })
  if (between.some(({ type }) => type === 'ExecutionRedriven')) return undefined
  const state = foldAll(id, [first, ...between, last])
  const ends = Object.fromEntries(state.targets.flatMap((name) => entryOf(last.devices, name)))
  const isRunning = await app.claims.isClaimed(id)
  return { state, at: first.at, isRunning, standing: standingWord(state, isRunning), ends }
}

function entryOf<T>(record: Readonly<Record<string, T>>, name: string): readonly (readonly [string, T])[] {
  const found = record[name]
  return found === undefined ? [] : [[name, found]]
}

/** `at`: when it began, ISO 8601 in UTC. */
export async function executionRow(
  app: RecordApp,
  at: string,
  { view, taken }: Pick<KeptExecution, 'view' | 'taken'>,
): Promise<ExecutionRow> {
  const { execution: state } = view
  const isRunning = await app.claims.isClaimed(state.id)
  const suspension = await suspensionSince(app, state, taken)
  const standing = standingWord(state, isRunning, suspension !== undefined)
  return { state, at, isRunning, standing, ...definedMembers({ suspension }) }
}

function areOpen(states: readonly string[]) {
  return states.length > 0 && !OUTCOMES.some((outcome) => states.includes(outcome))
}

// An execution as its first record has it: what it is about, who began it and when (ISO 8601 in UTC) is all there.
interface Begun {
  readonly state: ExecutionState
  readonly at: string
}

function canBeListed(
  begun: ExecutionState,
  { first, last }: Pick<ExecutionSummary, 'first' | 'last'>,
  { states, purpose, kind, workflow, by }: ListingRequest,
  names: ReadonlySet<string> | undefined,
) {
  if (purpose !== undefined && purpose !== begun.purpose) return false
  if (kind !== undefined && isChange({ first, last }) !== (kind === 'changes')) return false
  if (workflow !== undefined && workflow !== begun.workflow && workflow !== begun.file) return false
  if (by !== undefined && !whoBegan(begun).includes(by)) return false
  if (names !== undefined && !begun.targets.some((target) => names.has(target))) return false
  return states.length === 0 || last.type !== 'ExecutionEnded' || states.includes(last.outcome)
}

function isListed(row: ExecutionRow, { states, touched }: ListingRequest, names: ReadonlySet<string> | undefined) {
  const { state, standing } = row
  if (touched && !hasTouched(row, names)) return false
  return states.length === 0 || states.includes(standing) || (states.includes('open') && state.outcome === undefined)
}

function whoBegan({ requester }: ExecutionState) {
  return requester === undefined ? '' : `${identityOf(requester)} ${requester.display ?? ''}`
}

// Throws InputError.
async function namesOf(
  { project, store }: RecordApp,
  target: string,
  wanted: ListingRequest,
): Promise<ReadonlySet<string>> {
  const inventory = project.inventory()
  if (inventory.devices.some(({ name }) => name === target)) return new Set([target])
  const found = selectDevices(target, inventory)
  if (found.ok) return new Set([target, ...found.value.map(({ name }) => name)])
  // Whoever goes on with a list was told already which switches it is about.
  if (wanted.before === undefined && !(await mayBeOnRecord(store, target, wanted))) orProblems(found)
  return new Set([target])
}

async function mayBeOnRecord(
  store: RecordApp['store'],
  name: string,
  { looks = Number.POSITIVE_INFINITY }: ListingRequest,
) {
  let before: string | undefined
  for (let looked = 0; looked < looks; looked += LARGEST) {
    const page = await store.executions({ limit: LARGEST, ...definedMembers({ before }) })
    if (page.some(({ first }) => first.type === 'ExecutionStarted' && first.targets.includes(name))) return true
    before = page.at(-1)?.id
    if (before === undefined || page.length < LARGEST) return false
  }
  return true
}

function hasTouched(row: Pick<ExecutionRow, 'state' | 'ends'>, names: ReadonlySet<string> | undefined) {
  return Object.entries(endsOf(row)).some(([name, end]) => (names === undefined || names.has(name)) && SENT.has(end))
}

const AT_ONCE = 200

interface RecentExecution {
  readonly at: string
  readonly standing: string
}

/**
 * Every execution that began since a moment, in milliseconds since 1970, as far as somebody may read it, the newest first. Only the first and
 * the last record of each are read, so that a busy day is counted whole.
 */
export async function executionsSince(
  app: RecordApp,
  caller: SilentCaller,
  since: number,
): Promise<readonly RecentExecution[]> {
  const found: RecentExecution[] = []
  for await (const { id, first, last } of newestFirst(app)) {
    if (Date.parse(first.at) < since) return found
    const about = aboutExecution(begunState({ id, first }))
    if (decided(app, caller, 'execution.read', about).effect === 'deny') continue
    found.push({ at: first.at, standing: last.type === 'ExecutionEnded' ? last.outcome : 'open' })
  }
  return found
}

async function* newestFirst({ store, clock }: RecordApp): AsyncGenerator<ExecutionSummary> {
  // The newest alone: a day of thousands leaves no room for what else is asked for again.
  let page = await store.executions({ limit: AT_ONCE, again: true })
  for (;;) {
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < AT_ONCE) return
    await clock.sleep(0)
    page = await store.executions({ limit: AT_ONCE, before: last.id })
  }
}

// By the first record, which a store gives again for as long as it keeps it: every list folds it otherwise.
const ofFirsts = new WeakMap<JournalEvent, ExecutionState>()

function begunState({ id, first }: Pick<ExecutionSummary, 'id' | 'first'>) {
  const known = ofFirsts.get(first)
  if (known?.id === id) return known
  const state = foldAll(id, [first])
  ofFirsts.set(first, state)
  return state
}

/** The id behind a word for an execution: an id, a prefix that only one has, `@latest` (the newest that changed a switch or tried to). Throws InputError when there is none. */
export async function executionNamed(app: RecordApp, word: string): Promise<string> {
  return idIn(app, word, await app.store.resolveExecution(word))
}

export function idIn(app: WordedHost, word: string, found: ResolvedExecution): string {
  if (found.found === 'one') return found.id
  const none = word === '@latest' ? 'no execution has changed a switch yet, or tried to' : 'there is no such execution'
  throw inputError(
    word,
    'no-such-execution',
    found.found === 'none' ? none : `several executions begin like this: ${found.ids.join(', ')}`,
    app.words({ code: 'list-executions' }),
  )
}

const SENT: ReadonlySet<DeviceEnd> = new Set(['changed', 'reverted', 'unknown'])
