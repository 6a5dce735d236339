import { foldAll } from '../engine/fold.ts'
import { deviceEnds } from '../engine/outcome.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { JournalEvent, Outcome } from '../journal/event.ts'
import { MissingSegmentError } from '../journal/missing-segment.ts'
import type { ExecutionSummary } from '../journal/store.ts'
import { identityOf } from '../model/principal.ts'
import { type ExecutionRow, standingWord } from '../report/execution/row.ts'
import { allExecutions } from './all-executions.ts'
import type { App } from './app.ts'
import type { Asking } from './caller.ts'
import { chosenDevices } from './chosen-devices.ts'
import { SENT } from './execution-named.ts'
import { type KeptExecution, keptExecutions } from './kept-executions.ts'
import { decided } from './policy/authority.ts'
import { aboutExecution, readable } from './policy/entry.ts'
import { suspensionSince } from './suspension.ts'

/** So many executions are looked at with one question to the store: a list of all has larger pages than the beginning of one. */
const PAGE = 20
const LARGEST = 100

/** Which executions are listed. */
export interface ListingRequest {
  /** Which switches they are about; all without it. */
  readonly target: string | undefined
  /** Words of {@link STATES}; all without any. */
  readonly states: readonly string[]
  /** Only those that have sent a change to a switch. */
  readonly touched: boolean
  /** At most so many, the newest. */
  readonly most: number
  /** Those that began before this execution; absent: from the newest on. */
  readonly before?: string
  /** Absent: changes and plans. */
  readonly purpose?: 'plan' | 'run' | undefined
  /** The name or the file of their workflow; absent: any. */
  readonly workflow?: string
  /** A part of the name of who has begun them; absent: anybody. */
  readonly by?: string
}

/** Executions, newest first. */
export interface Listing {
  readonly rows: readonly ExecutionRow[]
  /** How many executions were looked at that whoever asks may read. */
  readonly seen: number
  /** Whether there are more of them. */
  readonly isCut: boolean
  /** How many were not looked at, because their segment is not at its place, and which one. */
  readonly elsewhere?: { readonly count: number; readonly error: MissingSegmentError }
}

const OUTCOMES: Readonly<Record<Outcome, true>> = {
  planned: true,
  'nothing-to-do': true,
  succeeded: true,
  tolerated: true,
  refused: true,
  'rolled-back': true,
  cancelled: true,
  failed: true,
  unknown: true,
}

/** The states that can be asked for: those of the list. `open` is every execution that has not ended. */
export const STATES: readonly string[] = [
  ...Object.keys(OUTCOMES),
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
export async function listExecutions(app: App, caller: Asking, wanted: ListingRequest): Promise<Listing> {
  const { target, most } = wanted
  const names = target === undefined ? undefined : await namesOf(app, target)
  const rows: ExecutionRow[] = []
  const denied: Begun[] = []
  let seen = 0
  let elsewhere: Listing['elsewhere']
  const open = areOpen(wanted.states)
  for await (const { begun, found } of everyLooked(app, caller, wanted, names)) {
    if (rows.length >= most) return { rows, seen, isCut: true, ...sealedAway(elsewhere) }
    if (found === 'denied') denied.push(begun)
    else if (found instanceof MissingSegmentError) elsewhere = oneMore(elsewhere, found)
    else seen += 1
    if (isRow(found) && isListed(found, wanted, names)) rows.push(found)
  }
  if (seen === 0) await (open ? requireAny(app, caller) : readable(app, caller, denied))
  return { rows, seen, isCut: false, ...sealedAway(elsewhere) }
}

/** Requires that whoever asks may read some execution, where there are any: of the open ones alone that is not known. */
async function requireAny(app: App, caller: Asking): Promise<void> {
  await listExecutions(app, caller, { target: undefined, states: [], touched: false, most: 1 })
}

function oneMore(elsewhere: Listing['elsewhere'], error: MissingSegmentError): NonNullable<Listing['elsewhere']> {
  return { count: (elsewhere?.count ?? 0) + 1, error: elsewhere?.error ?? error }
}

const sealedAway = (elsewhere: Listing['elsewhere']): Pick<Listing, 'elsewhere'> =>
  elsewhere === undefined ? {} : { elsewhere }

/** An execution of the list: its row, nothing where it cannot be one that is asked for, or why it is none for whoever asks. */
interface Looked {
  readonly begun: Begun
  readonly found: ExecutionRow | MissingSegmentError | 'denied' | undefined
}

const isRow = (found: Looked['found']): found is ExecutionRow => typeof found === 'object' && 'standing' in found

/** Every execution that is meant, newest first. What is asked about those of one page is asked at once. */
async function* everyLooked(
  app: App,
  caller: Asking,
  wanted: ListingRequest,
  names: ReadonlySet<string> | undefined,
): AsyncGenerator<Looked> {
  const look = async (one: ExecutionSummary): Promise<Looked> => {
    const begun = { state: foldAll(one.id, [one.first]) }
    if (decided(app, caller, 'execution.read', aboutExecution(begun.state)).effect !== 'allow')
      return { begun, found: 'denied' }
    return { begun, found: canBeListed(begun.state, one.last, wanted, names) ? await rowHere(app, one) : undefined }
  }
  const { most, before, states } = wanted
  const limit = Math.min(most + 1, most <= PAGE ? PAGE + 1 : LARGEST)
  for await (const page of everyPage(app, { limit, before, open: areOpen(states) }))
    yield* await Promise.all(page.map(look))
}

/** The row of an execution, or what is missing where its records are sealed in a segment that is not at its place. */
async function rowHere(app: App, { id, first, last }: ExecutionSummary): Promise<ExecutionRow | MissingSegmentError> {
  try {
    return await executionRow(app, first.at, await keptExecutions(app.store).of(id, last))
  } catch (error) {
    if (error instanceof MissingSegmentError) return error
    throw error
  }
}

/** An execution as it is listed. `at`: when it began, ISO 8601 in UTC. */
export async function executionRow(
  app: App,
  at: string,
  { view, taken }: Pick<KeptExecution, 'view' | 'taken'>,
): Promise<ExecutionRow> {
  const { execution: state } = view
  const isRunning = await app.claims.isClaimed(state.id)
  const suspension = await suspensionSince(app, state, taken)
  const standing = standingWord(state, isRunning, suspension !== undefined)
  return { state, at, isRunning, standing, ...(suspension === undefined ? {} : { suspension }) }
}

/** Every execution that is meant, newest first, in pages of at most `limit`. */
async function* everyPage(
  { store }: App,
  { limit, before, open }: { readonly limit: number; readonly before: string | undefined; readonly open: boolean },
): AsyncGenerator<readonly ExecutionSummary[]> {
  for (let page = await store.executions({ limit, open, ...(before === undefined ? {} : { before }) }); ; ) {
    yield page
    const last = page.at(-1)
    if (last === undefined || page.length < limit) return
    page = await store.executions({ limit, open, before: last.id })
  }
}

/** Whether only executions can be meant that have not ended. */
function areOpen(states: readonly string[]): boolean {
  return states.length > 0 && !states.some((state) => Object.hasOwn(OUTCOMES, state))
}

/** An execution as its first record has it: what it is about, and who began it, is all there. */
interface Begun {
  readonly state: ExecutionState
}

/** Whether an execution may be listed, as far as its first and its last record say: what is not is not read. */
function canBeListed(
  begun: ExecutionState,
  last: JournalEvent,
  { states, purpose, workflow, by }: ListingRequest,
  names: ReadonlySet<string> | undefined,
): boolean {
  if (purpose !== undefined && purpose !== begun.purpose) return false
  if (workflow !== undefined && workflow !== begun.workflow && workflow !== begun.file) return false
  if (by !== undefined && !whoBegan(begun).includes(by)) return false
  if (names !== undefined && !begun.targets.some((target) => names.has(target))) return false
  return states.length === 0 || last.type !== 'ExecutionEnded' || states.includes(last.outcome)
}

/** Whether an execution that may be listed is. */
function isListed(
  { state, standing }: ExecutionRow,
  { states, touched }: ListingRequest,
  names: ReadonlySet<string> | undefined,
): boolean {
  const meant = Object.entries(deviceEnds(state)).filter(([name]) => names === undefined || names.has(name))
  if (touched && !meant.some(([, end]) => SENT.has(end))) return false
  return states.length === 0 || states.includes(standing) || (states.includes('open') && state.outcome === undefined)
}

function whoBegan({ requester }: ExecutionState): string {
  return requester === undefined ? '' : `${identityOf(requester)} ${requester.display ?? ''}`
}

/** The switches of a target. One that the inventory no longer has is taken by its name, as long as an execution was about it. */
async function namesOf(app: App, target: string): Promise<ReadonlySet<string>> {
  if (app.project.inventory().devices.some(({ name }) => name === target)) return new Set([target])
  const begun = (await allExecutions(app)).map(({ first }) => first)
  const isOnRecord = begun.some((event) => event.type === 'ExecutionStarted' && event.targets.includes(target))
  return new Set(isOnRecord ? [target] : chosenDevices(app.project.inventory(), target).map(({ name }) => name))
}
