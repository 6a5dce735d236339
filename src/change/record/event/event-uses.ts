import { EosflowError } from '../../../model/error.ts'
import type { EventBody, JournalEvent } from './event.ts'
import { decidedAlready, isScheduleDecision } from './schedule.ts'

export interface Use {
  readonly key: string
  /** What a second one is refused with. */
  refusal(): EosflowError
}

export function usesIn(event: EventBody): readonly Use[] {
  if (event.type === 'ApprovalUsed') {
    const refusal = (): EosflowError =>
      new EosflowError('not-approved', 'this approval was already used by an execution', {
        hint: 'Approve the plan again.',
      })
    return [{ key: `approval ${event.nonce} ${event.use ?? 1}`, refusal }]
  }
  if (event.type === 'ApprovalCarried') {
    const refusal = (): EosflowError =>
      new EosflowError('stale', 'another process has carried the approvals of this plan at this moment', {
        hint: 'Run the same again.',
      })
    return [{ key: `carried ${event.plan} ${event.nth}`, refusal }]
  }
  if (isScheduleDecision(event))
    return [{ key: `decision ${event.schedule} ${event.instant}`, refusal: decidedAlready }]
  if (event.type === 'WorkerDied') {
    const refusal = (): EosflowError =>
      new EosflowError('busy', `that ${event.kind} ${event.worker} is dead is on record already`)
    return [{ key: `death ${event.worker}`, refusal }]
  }
  if (event.type !== 'ExecutionStarted' || event.request === undefined) return []
  const refusal = (): EosflowError =>
    new EosflowError('busy', 'another execution was begun under this key', {
      hint: 'Run the same again: it is found by its key.',
    })
  return [{ key: `key ${event.request.key}`, refusal }]
}

export function planOf(event: JournalEvent): string | undefined {
  const { statement, digest, plan } = event as {
    readonly statement?: { readonly plan: string }
    readonly digest?: string
    readonly plan?: string
  }
  return statement?.plan ?? digest ?? plan
}
