import type { Authority, StateStart } from '../../../change/engine/authority.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { isUnderWay } from '../../../change/record/store/freeze.ts'
import type { EosflowError } from '../../../model/error.ts'
import type { Json } from '../../../model/json.ts'
import { denialRecord } from '../../access/policy/authority.ts'
import { type FreezeSource, freezesInForce, frozenError } from '../../access/policy/freeze-in-force.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'

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

/** A ruling on states that may change something while the execution runs: `why` says why one may not begin, or gives undefined. */
export function rulingOnWrites(
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
