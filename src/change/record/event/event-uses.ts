import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import type { EventBody, JournalEvent } from './event.ts'
import { decidedAlready, isScheduleDecision } from './schedule.ts'

export interface Use {
  readonly key: string
  /** What a second one is refused with. */
  refusal(): EosflowError
}

export function usesIn(event: EventBody): readonly Use[] {
  if (event.type === 'ApprovalUsed') {
    const refusal = () =>
      new EosflowError('not-approved', 'this approval was already used by an execution', {
        hint: 'Approve the plan again.',
      })
    return [{ key: `approval ${event.nonce} ${event.use ?? 1}`, refusal }]
  }
  if (event.type === 'ApprovalCarried') {
    const refusal = () =>
      new EosflowError('stale', 'another process has carried the approvals of this plan at this moment', {
        hint: 'Run the same again.',
      })
    return [{ key: `carried ${event.plan} ${event.nth}`, refusal }]
  }
  if (isScheduleDecision(event))
    return [{ key: `decision ${event.schedule} ${event.instant}`, refusal: decidedAlready }]
  if (event.type === 'WorkerDied') {
    const refusal = () => new EosflowError('busy', `that ${event.kind} ${event.worker} is dead is on record already`)
    return [{ key: `death ${event.worker}`, refusal }]
  }
  if (event.type !== 'ExecutionStarted' || event.request === undefined) return []
  const refusal = () =>
    new EosflowError('busy', 'another execution was begun under this key', {
      hint: 'Run the same again: it is found by its key.',
    })
  return [{ key: `key ${event.request.key}`, refusal }]
}

export const NOT_IN_REGISTER = { receiver: null, schedule: null, instant: null } as const

/** What a row is found by, as its record says it: who it is for, its schedule and its instant are in columns of the register alone. */
export function foundBy({
  at,
  type,
  statement,
  digest,
  plan,
  token,
  stopped,
  suspended,
  schedule,
  instant,
}: JsonObject) {
  const receiver =
    type === 'SignalSent' ? token : type === 'StopRequested' ? stopped : type === 'SuspendRequested' ? suspended : null
  return {
    at: textOf(at),
    type: textOf(type),
    plan: textOf((isJsonObject(statement) ? statement.plan : undefined) ?? digest ?? plan),
    receiver: textOf(receiver),
    schedule: textOf(schedule),
    instant: textOf(instant),
  }
}

export function foundByEvent(event: JournalEvent): ReturnType<typeof foundBy> {
  return foundBy(event as unknown as JsonObject)
}

function textOf(value: Json | undefined) {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
