import { foldAll, readState } from '../../change/engine/fold.ts'
import { deviceEnds } from '../../change/engine/outcome.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { SwitchEnds } from '../../change/record/noted-ends.ts'
import { isLiveAt } from '../../change/record/store/lease.ts'
import type { AfterLook, AfterSubject } from '../../model/after.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import { rolledBackBy } from '../../model/kept-workflow.ts'
import { decided, denialError, type PolicyContext } from '../../project/access/policy/authority.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { switchEnds } from '../../project/history/executions/switch-ends.ts'
import { settledPlan } from '../../project/history/plans/settled-plan.ts'
import { knownSchedules } from '../../project/history/schedules/known-schedule.ts'
import type { Caller } from '../../project/identity/caller.ts'
import { count, switches } from '../../report/text/count.ts'
import { findingWords, leftWords } from '../../report/view/after-words.ts'
import { nextLook } from './after-look.ts'
import { type LookedChange, type LookFindings, lookAtSwitches } from './look-at-switches.ts'
import type { Occurrence, OccurrenceEnd } from './occurrence.ts'

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
