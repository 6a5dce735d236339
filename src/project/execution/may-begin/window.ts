import { readState } from '../../../change/engine/fold.ts'
import type { Authority, StateStart } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { recordedPlan, type storedPlan } from '../../../change/plan/stored-plan.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { isUnderWay } from '../../../change/record/store/freeze.ts'
import { barredUntil } from '../../../change/record/store/lease.ts'
import type { ExecutionSummary, Store } from '../../../change/record/store/store.ts'
import type { ChangeTerms, EarlierChange } from '../../../model/change-terms.ts'
import { EosflowError, problemOf } from '../../../model/error.ts'
import { definedMembers, type Json } from '../../../model/json.ts'
import { rolledBackBy } from '../../../model/kept-workflow.ts'
import { windowSentence } from '../../../report/phrases/spoken.ts'
import { count, duration, short } from '../../../report/text/text.ts'
import { denialRecord, type PolicyContext } from '../../access/policy/authority.ts'
import { changeTime } from '../../access/policy/demands.ts'
import { aboutChange, aboutPlan, isLive } from '../../access/policy/entry.ts'
import { type FreezeSource, freezesInForce, frozenError } from '../../access/policy/freeze-in-force.ts'
import type { RecordApp } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import type { Console } from '../../system/process/console.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { InputError } from '../../system/process/input-error.ts'

/** Requires that a change may begin by what its change file says: now, and behind the changes that come before it. Throws `window-closed` by the name of the file. */
export async function requireMayBegin(
  app: ProjectStore,
  {
    purpose,
    prepared,
    plan,
  }: { readonly purpose: 'plan' | 'run'; readonly prepared: PreparedChange; readonly plan?: Plan },
): Promise<void> {
  const { changeFile: change } = prepared
  if (purpose !== 'run' || change === undefined) return
  const { lasts = 0 } = plan === undefined ? aboutChange(prepared) : aboutPlan(plan)
  const error = closedWindow(change, app.clock.now(), lasts) ?? (await lackingEarlier(app.store, change))
  if (error !== undefined) throw error
}

/** Why a change may not begin at a time, milliseconds since the epoch, where it takes `lasts` milliseconds; undefined where it may. */
export function closedWindow(
  terms: Pick<ChangeTerms, 'file' | 'notBefore' | 'notAfter'>,
  now: number,
  lasts: number,
): EosflowError | undefined {
  const { file, notBefore, notAfter } = terms
  const isEarly = notBefore !== undefined && now < Date.parse(notBefore)
  const isLate = notAfter !== undefined && now + lasts > Date.parse(notAfter)
  if (!isEarly && !isLate) return undefined
  const takes = isLate && now < Date.parse(notAfter) ? `, and the change takes up to ${duration(lasts / 1000)}` : ''
  const message = `${windowSentence(file, terms).join('')}: it is ${new Date(now).toISOString()}${takes}`
  const hint = isEarly
    ? 'Nothing was sent: run it again then.'
    : 'Nothing was sent: write another time into the change file, and plan again.'
  return new EosflowError('window-closed', message, { hint })
}

const PAGE = 50

/**
 * Why a change may not begin by those that come before it: each must have succeeded as its file was when this one was planned, and nobody may be taking it back or have done so since.
 * The error names all of which that is not so; undefined where there is none.
 */
export async function lackingEarlier(
  store: Pick<Store, 'executions'>,
  { file, after = [] }: Pick<ChangeTerms, 'file' | 'after'>,
): Promise<EosflowError | undefined> {
  const open = new Map(after.map((one) => [keyOf(one), one]))
  if (open.size === 0) return undefined
  const seen = new Map<string, string>()
  const undone = new Set<string>()
  for await (const one of newestOf(store)) {
    noteUndone(one, undone)
    const key = changeAskedBy(one)
    if (key === undefined || !open.has(key)) continue
    if (isSuccess(one) && !undone.has(one.id)) open.delete(key)
    else if (!seen.has(key)) seen.set(key, one.id)
    if (open.size === 0) return undefined
  }
  const lacking = [...open].map(([key, one]) => {
    const execution = seen.get(key)
    return `${one.file} (${short(one.digest)})${execution === undefined ? '' : `, whose newest execution is ${execution}`}`
  })
  return new EosflowError(
    'window-closed',
    `${file} comes after ${count(lacking.length, 'change')} of which no success is on record: ${lacking.join('; ')}`,
    { hint: 'Nothing was sent: run what comes before, then this once more.' },
  )
}

/**
 * Requires that what a change file has asked for before was not taken back since, nor is: who asks once more would take it for made. Throws `stale`.
 */
export async function requireInForce(store: Pick<Store, 'executions'>, file: string, execution: string): Promise<void> {
  const undone = new Set<string>()
  for await (const one of newestOf(store)) {
    if (one.id === execution) return
    if (noteUndone(one, undone) === execution)
      throw new EosflowError(
        'stale',
        `${file} was executed by ${execution}, which ${one.id} has rolled back or is rolling back: nothing was begun`,
        { hint: 'Give another key, or edit the file: then it is another attempt.' },
      )
  }
}

// All executions, newest first.
async function* newestOf(store: Pick<Store, 'executions'>): AsyncGenerator<ExecutionSummary> {
  for (let before: string | undefined; ; ) {
    const page = await store.executions({ limit: PAGE, ...definedMembers({ before }) })
    yield* page
    before = page.at(-1)?.id
    if (page.length < PAGE || before === undefined) return
  }
}

const keyOf = ({ file, digest }: EarlierChange) => `${digest} ${file}`

function changeAskedBy({ first }: ExecutionSummary) {
  if (first.type !== 'ExecutionStarted' || first.purpose !== 'run' || first.part !== undefined) return undefined
  return first.changeFile === undefined ? undefined : keyOf(first.changeFile)
}

function undoneBy(one: ExecutionSummary, undone: ReadonlySet<string>) {
  const { id, first, last } = one
  if (first.type !== 'ExecutionStarted' || first.purpose !== 'run') return undefined
  if (undone.has(id)) return first.part?.of
  const back = rolledBackBy(first)
  const ends = last.type === 'ExecutionEnded' ? Object.values(last.devices) : ['unknown']
  return isSuccess(one) || ends.some((end) => end === 'changed' || end === 'unknown') ? back : undefined
}

function noteUndone(one: ExecutionSummary, undone: Set<string>) {
  const back = undoneBy(one, undone)
  if (back !== undefined) undone.add(back)
  return back
}

const DONE: readonly string[] = ['succeeded', 'nothing-to-do']

function isSuccess({ last }: ExecutionSummary) {
  return last.type === 'ExecutionEnded' && DONE.includes(last.outcome)
}

type WindowSource = Pick<PolicyContext, 'clock' | 'project'> & {
  readonly store: Parameters<typeof storedPlan>[0] & Pick<Store, 'read' | 'executions'>
}

/** Refuses a push outside of the window that the change file of an execution gives, and the first one where what comes before was taken back since, before anything is sent for it: whoever has begun it, and however long an approval was waited for. A request that changes something at a service is refused where nothing was changed before. */
export function windowedAuthority(app: WindowSource, caller: SilentCaller): Authority {
  return rulingOnWrites(app, caller, async (start, state) => {
    const { changeFile: change } = state
    if (change === undefined || isBoundless(change)) return undefined
    const isPush = start.state.task === 'push'
    if (isPush && isLive(start, state)) return undefined
    const records = await app.store.read(state.id)
    const isUnderWay = hasWritten(records)
    if (!isPush && (isUnderWay || !writes(start, records))) return undefined
    const lasts = isPush ? await lastsFor(app, start, state) : 0
    return closedWindow(change, app.clock.now(), lasts) ?? (isUnderWay ? undefined : lackingEarlier(app.store, change))
  })
}

const isBoundless = ({ notBefore, notAfter, after }: ChangeTerms) => (notBefore ?? notAfter ?? after) === undefined

// For how long the window must be open where these switches are pushed to, in milliseconds.
async function lastsFor({ store }: WindowSource, { devices }: StateStart, { plan }: ExecutionState) {
  if (plan === undefined) return 0
  const { content } = await recordedPlan(store, plan.ref)
  return changeTime(content, devices)
}

interface RulingSource {
  readonly project: { policy(): { readonly digest: string } | undefined }
}

/** Refuses the first state of an execution that may change something while a freeze is in force, before anything is sent for it. The store asks once more with the first timed commit: a freeze that is set in between is not missed. */
export function frozenAuthority(app: FreezeSource & RulingSource, caller: SilentCaller): Authority {
  return rulingOnWrites(app, caller, async (start, { id }) => {
    const [freeze] = await freezesInForce(app)
    if (freeze === undefined) return undefined
    const records = await app.store.read(id)
    return writes(start, records) && !hasWritten(records) ? frozenError(app, freeze) : undefined
  })
}

// A ruling on states that may change something while the execution runs: `why` says why one may not begin, or gives undefined.
function rulingOnWrites(
  { project }: RulingSource,
  { principal }: SilentCaller,
  why: (start: StateStart, execution: ExecutionState) => Promise<EosflowError | undefined>,
): Authority {
  const asked: Authority = async (start, execution) => {
    const error = await why(start, execution)
    if (error === undefined) return { effect: 'allow' }
    const about = { devices: start.devices, workflow: execution.file }
    const made = { reason: error.message, rules: [], policy: project.policy()?.digest ?? null }
    return { effect: 'deny', error, record: denialRecord(principal, start.state.scope, about, made) }
  }
  return (start, execution) => {
    const { task } = start.state
    const mayWrite = (task === 'push' || task === 'http') && execution.status === 'running'
    return mayWrite ? asked(start, execution) : { effect: 'allow' }
  }
}

export function writes({ state: { name, task } }: StateStart, records: readonly JournalEvent[]): boolean {
  if (task !== 'http') return task === 'push'
  const scheduled = records.findLast((record) => record.type === 'TaskScheduled' && record.state === name)
  return scheduled?.type === 'TaskScheduled' && isWritingRequest(scheduled.arguments)
}

/** Whether an execution has begun to change something since it was started or redriven last: a timed commit, or a request to a service. */
export function hasWritten(records: readonly JournalEvent[]): boolean {
  if (isUnderWay(records)) return true
  const since = records.slice(records.findLastIndex(({ type }) => type === 'ExecutionRedriven') + 1)
  const requests = new Set(
    since.flatMap((record) =>
      record.type === 'TaskScheduled' && isWritingRequest(record.arguments) ? [`${record.path} ${record.state}`] : [],
    ),
  )
  return since.some(
    (record) =>
      (record.type === 'TaskStarted' || record.type === 'TaskSubmitted') &&
      requests.has(`${record.path} ${record.state}`),
  )
}

function isWritingRequest(given: Json) {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return false
  const { url, method } = given as Readonly<Record<string, Json>>
  return typeof url === 'string' && typeof method === 'string' && method !== 'GET' && method !== 'HEAD'
}

// How often it is asked whether somebody has released the switches, in milliseconds.
const LOOK = 500

/** Waits, and says until when, while a switch is kept from other executions because the process of one ended without a word on it. Throws `busy` when it is interrupted meanwhile: nothing is begun then, and nothing ended. */
export async function awaitQuarantines(
  app: ProjectStore,
  caller: Console,
  targets: readonly string[],
  own?: string,
): Promise<void> {
  let said = ''
  for (;;) {
    const barred = await barredOf(app, targets, own)
    const [first] = barred
    if (first === undefined) return
    if (caller.stop.aborted) throw notBegun(first)
    const line = barred.map(({ device, until, execution }) => `${device} until ${until} (${execution})`).join(', ')
    if (line !== said) {
      caller.tell(
        `waiting: the process of an execution was killed, and its switches may not be changed by others yet: ${line}\n`,
      )
    }
    said = line
    await app.clock
      .sleep(Math.min(LOOK, Math.max(1, Date.parse(first.until) - app.clock.now())), caller.stop)
      .catch((error: unknown) => {
        if (!caller.stop.aborted) throw error
      })
  }
}

interface Barred {
  readonly device: string
  readonly execution: string
  readonly until: string
}

function notBegun({ device, execution, until }: Barred) {
  return new EosflowError(
    'busy',
    `${device} is kept from other changes until ${until} because of ${execution}, and nobody waits for that any more: nothing was begun`,
    { device, hint: 'Run it again then.' },
  )
}

async function barredOf(
  app: ProjectStore,
  targets: readonly string[],
  own: string | undefined,
): Promise<readonly Barred[]> {
  const at = new Date(app.clock.now()).toISOString()
  const leases = await Promise.all(targets.map((name) => app.leases.leaseOf(name)))
  return leases.flatMap((lease) => {
    const until = barredUntil(lease, own, at, app.leases.quarantineSeconds)
    return lease === undefined || until === undefined
      ? []
      : [{ device: lease.device, execution: lease.execution, until }]
  })
}

/** Throws `busy`. */
export async function requireFree(app: ProjectStore & WordedHost, targets: readonly string[]): Promise<void> {
  for (const { id, hasActed } of await app.store.openExecutions()) {
    if (!hasActed) continue
    const state = await readState(app.store, id)
    const held = targets.filter(
      (name) => (state.devices.get(name)?.reached ?? 'nothing') !== 'nothing' && !state.networks.has(name),
    )
    if (held.length > 0) {
      throw new EosflowError(
        'busy',
        `execution ${id} is not settled and holds ${held.join(', ')}`,
        hinted(app, { code: 'resume', execution: id }),
      )
    }
  }
}

/**
 * Throws InputError, with each switch, where the settings want owner sessions and a switch is reached over SSH: each line is typed for itself there,
 * so that a late one finds nothing before it that could fail (ADR 84).
 */
export function requireOwnerSessions({ project }: Pick<RecordApp, 'project'>, targets: readonly string[]): void {
  if (!project.settings.ownerSession) return
  const { file, devices } = project.inventory()
  const typed = devices.filter(({ name, transport }) => transport === 'ssh' && targets.includes(name))
  const [first, ...others] = typed.map(({ name }) =>
    problemOf(
      file,
      'owner-session-over-ssh',
      `\`${name}\` is reached over SSH, which cannot heed an owner session`,
      'reach it over eAPI (`transport: eapi`), or switch `ownerSession` off in eosflow.yaml',
    ),
  )
  if (first !== undefined) throw new InputError([first, ...others])
}
