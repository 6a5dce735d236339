import { foldAll, readState } from '../../change/engine/fold.ts'
import { namesIn } from '../../change/engine/neighbors.ts'
import { openedFeatures } from '../../change/engine/opened-features.ts'
import { deviceEnds } from '../../change/engine/outcome.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { keyOfPlan } from '../../change/plan/seal.ts'
import { settledDevice } from '../../change/plan/settled.ts'
import { watchedNeighbors } from '../../change/plan/watched.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import type { SwitchEnds } from '../../change/record/noted-ends.ts'
import { isLiveAt } from '../../change/record/store/lease.ts'
import type { JudgedCheck, LookContext } from '../../change/task/act/context.ts'
import { sharedLooks } from '../../change/task/act/shared-looks.ts'
import {
  isGood,
  judgeRound,
  neighborConfig,
  ownConfig,
  REACHABLE,
  watchOf,
} from '../../change/task/act/verify-round.ts'
import type { CheckSpec } from '../../eos/check/builtin/known-checks.ts'
import { checkPort } from '../../eos/check/run.ts'
import { UNTOUCHED } from '../../eos/device/history.ts'
import type { AfterFinding, AfterLook, AfterSubject, GoneSwitch } from '../../model/after.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { rolledBackBy } from '../../model/kept-workflow.ts'
import { decided, denialError, type PolicyContext } from '../../project/access/policy/authority.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { closeSecrets, secretsOf } from '../../project/app/secrets/open-secrets.ts'
import { switchEnds } from '../../project/history/executions/switch-ends.ts'
import { settledPlan } from '../../project/history/plans/settled-plan.ts'
import { knownSchedules } from '../../project/history/schedules/known-schedule.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { targetOf } from '../../project/plan/definition/definition-of.ts'
import { openFleet, openHttp, trustRecord } from '../../project/switches/connect/open-fleet.ts'
import { opensOf, requireFeatures, servicesOf } from '../../project/system/feature/feature.ts'
import { systemRandom } from '../../project/system/machine/system-clock.ts'
import { count, switches } from '../../report/text/text.ts'
import { findingWords, leftWords } from '../../report/view/after-words.ts'
import type { Occurrence, OccurrenceEnd } from './occurrence.ts'

// What is not good is looked at once more after so many milliseconds: one lost answer wakes nobody.
const AGAIN = 10_000

interface LookedChange {
  readonly state: ExecutionState
  readonly events: readonly JournalEvent[]
  readonly plan: Plan
  readonly devices: readonly string[]
  // Neighbours that nothing is asked of: they were changed since, or are no longer in the inventory.
  readonly isBeside: (neighbor: string) => boolean
  denied(device: string): EosflowError | undefined
}

interface LookFindings {
  readonly bad: readonly AfterFinding[]
  readonly unjudged: readonly AfterFinding[]
  readonly good: number
}

// Judges a change as the last round of its verification did, by its plan: the same checks, the same expectation against the state before it, the
// same outside judges with what they said before it. Reads only, by the login that reads; what is not good is looked at twice.
async function lookAtSwitches(app: App, caller: Caller, change: LookedChange): Promise<LookFindings> {
  const secrets = secretsOf(app)
  const inventory = app.project.inventory()
  const meant = new Set(change.devices)
  const beside = new Set((change.plan.content.neighbors ?? []).map(({ name }) => name))
  const fleet = openFleet(
    app,
    caller,
    inventory,
    inventory.devices.filter(({ name }) => meant.has(name)).map(targetOf),
    {
      secrets,
      record: trustRecord(app, caller),
      fallback: true,
      beside: inventory.devices.filter(({ name }) => beside.has(name) && !meant.has(name)).map(targetOf),
    },
  )
  try {
    const context = contextOf(app, caller, change, { fleet, http: openHttp(app, secrets) })
    const first = await lookOnce(context, change)
    if (first.bad.length + first.unjudged.length === 0) return first
    await app.clock.sleep(AGAIN, caller.stop)
    return await lookOnce(context, change)
  } finally {
    await fleet.close()
    await closeSecrets(secrets, caller)
  }
}

function contextOf(
  app: RecordApp,
  caller: Caller,
  { state, plan, isBeside, denied }: LookedChange,
  { fleet, http }: { readonly fleet: ReturnType<typeof openFleet>; readonly http: ReturnType<typeof openHttp> },
): LookContext {
  const { clock, store } = app
  const key = keyOfPlan(app.key, plan)
  const checks = checkPort(plan.content.checks as unknown as readonly CheckSpec[])
  const reading = fleet.as('read')
  const looks = sharedLooks(reading.apart(), clock, checks.commands)(state.id)
  return {
    checks,
    clock,
    fleet: reading,
    random: systemRandom,
    signal: caller.stop,
    snapshot: state.snapshot,
    texts: store,
    history: (device) => state.devices.get(device) ?? UNTOUCHED,
    features: openedFeatures(opensOf(app.features, { ...plan.content }, { ...servicesOf(app, http), texts: store }), {
      state,
      append: unwritten,
    }),
    neighbors: {
      named: namesIn([]),
      ...looks,
      denied: async (devices) =>
        new Map(
          devices.flatMap((device) => {
            const error = denied(device)
            return error === undefined ? [] : [[device, error] as const]
          }),
        ),
    },
    change: {
      planned: async (device) => settledDevice(plan, device, key),
      baseline: async (device) =>
        (plan.evidence.state[device] ?? {}) as Awaited<ReturnType<LookContext['change']['baseline']>>,
      watched: async (device) => watchedNeighbors(plan, device, key).filter((one) => isBeside(one.device)),
      roundTrip: async (device) => plan.evidence.roundTrips?.[device],
    },
  }
}

async function unwritten() {
  throw new EosflowError('bug', 'a look at a change that has ended puts nothing on its record')
}

async function lookOnce(context: LookContext, change: LookedChange): Promise<LookFindings> {
  const since = context.clock.monotonic()
  const found = await Promise.all(change.devices.map((device) => lookAt(context, change, device, since)))
  return {
    bad: found.flatMap(({ bad }) => bad),
    unjudged: found.flatMap(({ unjudged }) => unjudged),
    good: found.reduce((sum, { good }) => sum + good, 0),
  }
}

// Whatever keeps it from being judged is said, and is never good.
async function lookAt(
  context: LookContext,
  { events }: LookedChange,
  device: string,
  since: number,
): Promise<LookFindings> {
  const { checks, clock, signal } = context
  const begun = clock.monotonic() - (clock.now() - committedAt(events, device))
  try {
    const watch = await watchOf(context, device)
    const round = await judgeRound(context, device, watch, {
      before: undefined,
      neighborsSince: since,
      isNewLogin: false,
      featuresSince: { begun, since },
    })
    if (checks.compared?.everythingElse !== true || round.look === undefined) return findingsIn(device, round.verdicts)
    const kept = watch.neighbors.filter(({ isUnchanged }) => isUnchanged !== undefined)
    const configs = await Promise.all([
      ownConfig(context, device),
      ...kept.map((one) => neighborConfig(context, one, { since, behindCommit: true })),
    ])
    return findingsIn(device, [...round.verdicts, ...configs])
  } catch (error) {
    if (signal.aborted || (error instanceof EosflowError && error.kind === 'store')) throw error
    const says = messageOf(error)
    return { bad: [], unjudged: [{ device, says }], good: 0 }
  }
}

function findingsIn(device: string, verdicts: readonly JudgedCheck[]): LookFindings {
  const bad: AfterFinding[] = []
  const unjudged: AfterFinding[] = []
  for (const one of verdicts.filter((verdict) => !isGood(verdict))) {
    const { check, verdict } = one
    if (verdict.status === 'error') unjudged.push({ device, check, says: verdict.reason })
    if (verdict.status !== 'fail') continue
    const isSilent = check.split(' ', 1)[0] === REACHABLE
    const findings = verdict.reasons.map((says) => ({ device, check, says }))
    if (isSilent) unjudged.push(...findings)
    else bad.push(...findings)
  }
  return { bad, unjudged, good: verdicts.filter(isGood).length }
}

// When the change of a switch was committed, milliseconds since the epoch: a sample of a judge must be younger.
function committedAt(events: readonly JournalEvent[], device: string) {
  const armed = events.findLast(
    (event) => event.type === 'ActFinished' && event.device === device && event.act === 'arm',
  )
  return Date.parse((armed ?? events.at(-1))?.at ?? '')
}

const MOST_FOUND = 20

interface AfterRound {
  readonly instant: string
  readonly bad: readonly AfterFinding[]
  readonly unjudged: readonly AfterFinding[]
  readonly looked: number
  readonly devices: readonly string[]
  readonly left: readonly GoneSwitch[]
}

/** What a look comes to behind the one before. */
export function nextLook(
  before: AfterLook | undefined,
  { instant, bad, unjudged, looked, left, devices }: AfterRound,
): AfterLook {
  const result = bad.length > 0 ? 'failed' : unjudged.length > 0 || looked === 0 ? 'unjudged' : 'good'
  const failedSince =
    result === 'good' ? undefined : (before?.failedSince ?? (result === 'failed' ? instant : undefined))
  const plus = (kind: AfterLook['result']) => (before?.[kind] ?? 0) + (kind === result ? 1 : 0)
  return {
    result,
    ...definedMembers({ failedSince }),
    unjudgedInARow: result === 'unjudged' ? (before?.unjudgedInARow ?? 0) + 1 : 0,
    good: plus('good'),
    failed: plus('failed'),
    unjudged: plus('unjudged'),
    found: [...bad, ...unjudged].slice(0, MOST_FOUND),
    left,
    devices,
  }
}

/** Makes one look of an after-watch: finds out which switches are still watched, and judges them as the verification of their change did. */
export async function performAfter(
  app: App,
  caller: Caller,
  { schedule, instant }: Occurrence,
): Promise<OccurrenceEnd> {
  const { name, after: subject } = schedule
  if (subject === undefined) throw new EosflowError('bug', `${name} is no after-watch`)
  const before = knownSchedules(await app.store.schedules()).get(name)?.after?.look
  const events = await app.store.read(subject.execution)
  const state = foldAll(subject.execution, events)
  if (state.status !== 'ended') return { outcome: 'ok', reason: 'the change has not ended: nothing is judged yet' }
  const ends = await switchEnds(app)
  const left = await leftOf(app, { state, subject, before, ends })
  const stays = subject.devices.filter((device) => !left.some((one) => one.device === device))
  const free = await freeAmong(app, stays)
  if (free.length === 0) {
    const busy = stays.map((device) => `another execution is changing ${device}`)
    const reason = [...busy, ...left.map(leftWords)].join('; ')
    return { outcome: 'ok', reason, looked: { ...unlooked(before, stays), left, devices: stays } }
  }
  const found = await lookedAt(app, caller, { state, events, ends }, free)
  const looked = nextLook(before, { ...found, instant: new Date(instant).toISOString(), left, devices: stays })
  return { ...wordsOf(looked, found), looked }
}

interface Found extends LookFindings {
  readonly looked: number
}

function unlooked(before: AfterLook | undefined, devices: readonly string[]): Omit<AfterLook, 'left' | 'devices'> {
  const { result = 'unjudged', good = 0, failed = 0, unjudged = 0, unjudgedInARow = 0, failedSince } = before ?? {}
  const since = failedSince === undefined || devices.length === 0 ? {} : { failedSince }
  return { result, ...since, unjudgedInARow, good, failed, unjudged, found: [] }
}

function wordsOf(looked: AfterLook, { looked: devices, good }: Found): Pick<OccurrenceEnd, 'outcome' | 'reason'> {
  const { result, found, left } = looked
  const words =
    result === 'good'
      ? `${count(good, 'verdict')} on ${switches(devices)}, all good`
      : `${result === 'failed' ? 'not good' : 'could not be judged'}: ${found.slice(0, 3).map(findingWords).join('; ')}`
  return { outcome: result === 'good' ? 'ok' : 'failed', reason: [words, ...left.map(leftWords)].join('; ') }
}

async function leftOf(
  app: PolicyContext,
  {
    state,
    subject,
    before,
    ends,
  }: {
    readonly state: ExecutionState
    readonly subject: AfterSubject
    readonly before: AfterLook | undefined
    readonly ends: ReadonlyMap<string, SwitchEnds>
  },
) {
  const held = deviceEnds(state)
  const known = new Set(app.project.inventory().devices.map(({ name }) => name))
  const left = [...(before?.left ?? [])]
  for (const device of subject.devices) {
    if (left.some((one) => one.device === device)) continue
    const because =
      held[device] === 'changed'
        ? ((await changedSince(app, state.id, ends.get(device))) ??
          (known.has(device) ? undefined : 'it is no longer in the inventory'))
        : `execution ${state.id} has not kept its change`
    if (because !== undefined) left.push({ device, because })
  }
  return left
}

async function changedSince(app: PolicyContext, execution: string, ends: SwitchEnds | undefined) {
  if (ends === undefined) return undefined
  const { newest, changed } = ends
  const later = newest.end === 'unknown' ? newest : changed
  if (later === undefined || later.execution === execution) return undefined
  const state = await readState(app.store, later.execution)
  if (state.sites.sites.some((part) => part.execution === execution)) return undefined
  return rolledBackBy(state) === execution
    ? `execution ${later.execution} has rolled it back`
    : `execution ${later.execution} has changed it`
}

async function lookedAt(
  app: App,
  caller: Caller,
  { state, events, ends }: Pick<LookedChange, 'state' | 'events'> & { readonly ends: ReadonlyMap<string, SwitchEnds> },
  devices: readonly string[],
): Promise<Found> {
  try {
    const plan = await settledPlan(app, state, false)
    if (plan === undefined) throw new EosflowError('bug', `execution ${state.id} has no plan`)
    requireFeatures(app.features, plan)
    const denied = (device: string) => {
      const made = decided(app, caller, READS, { devices: [device] })
      return made.effect === 'allow' ? undefined : denialError(app, READS, { devices: [device] }, made)
    }
    const refused = devices.flatMap((device) => {
      const error = denied(device)
      return error === undefined ? [] : [{ device, says: error.message }]
    })
    const mayBeRead = devices.filter((device) => !refused.some((one) => one.device === device))
    if (mayBeRead.length === 0) return { bad: [], unjudged: refused, good: 0, looked: 0 }
    const neighbors = (plan.content.neighbors ?? []).map(({ name }) => name)
    const known = new Set(app.project.inventory().devices.map(({ name }) => name))
    const freeBeside = new Set(await freeAmong(app, neighbors))
    const isBeside = (name: string) =>
      known.has(name) && freeBeside.has(name) && !isChangedByOther(ends.get(name), state.id)
    const found = await lookAtSwitches(app, caller, { state, events, plan, devices: mayBeRead, isBeside, denied })
    return { ...found, unjudged: [...refused, ...found.unjudged], looked: mayBeRead.length }
  } catch (error) {
    if (caller.stop.aborted || (error instanceof EosflowError && error.kind === 'store')) throw error
    const says = messageOf(error)
    return { bad: [], unjudged: devices.map((device) => ({ device, says })), good: 0, looked: 0 }
  }
}

const READS = 'task.snapshot'

function isChangedByOther(ends: SwitchEnds | undefined, execution: string) {
  return ends?.changed !== undefined && ends.changed.execution !== execution
}

async function freeAmong({ leases, clock }: RecordApp, devices: readonly string[]) {
  const now = new Date(clock.now()).toISOString()
  const held = await Promise.all(devices.map((device) => leases.leaseOf(device)))
  return devices.filter((_, at) => {
    const lease = held[at]
    return lease === undefined || !isLiveAt(lease, now)
  })
}
