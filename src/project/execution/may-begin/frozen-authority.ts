import type { Authority, StateStart } from '../../../change/engine/authority.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { readRecordedPlan } from '../../../change/plan/recorded-plan.ts'
import { storedPlan } from '../../../change/plan/stored-plan.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { isUnderWay } from '../../../change/record/store/freeze.ts'
import type { Store } from '../../../change/record/store/store.ts'
import type { ChangeTerms } from '../../../model/change-terms.ts'
import type { EosflowError } from '../../../model/error.ts'
import type { Json } from '../../../model/json.ts'
import { denialRecord, type PolicyContext } from '../../access/policy/authority.ts'
import { changeTime } from '../../access/policy/demands.ts'
import { isLive } from '../../access/policy/entry.ts'
import { type FreezeSource, freezesInForce, frozenError } from '../../access/policy/freeze-in-force.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { closedWindow, lackingEarlier } from './window.ts'

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
  const { content } = readRecordedPlan(await storedPlan(store, plan.ref))
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
