import type { JournalEvent } from '../../change/record/event/event.ts'
import { belongsTo, type ChangeRecord, contentOf } from './change-record.ts'

/** The end of an execution says how many records it has before it. */
export function leftOut(record: ChangeRecord): string | undefined {
  const { events, plan } = contentOf(record)
  const own = events.filter(({ execution }) => execution === record.execution)
  const made = own.findLast((event) => event.type === 'PlanMade')
  const begun = own.find((event) => event.type === 'ExecutionStarted')
  const plans = { plan: made?.digest, rebases: begun?.rebases }
  const strange = events.find((event) => !belongsTo(event, record.execution, plans))
  if (strange !== undefined) return `record ${strange.seq} in it is not of this change`
  if (record.plan !== null && plan === undefined) return 'the plan in it is not the one whose digest is on record'
  const [ended] = own.filter(({ type }) => type === 'ExecutionEnded').slice(-1)
  if (ended?.type !== 'ExecutionEnded')
    return 'the change has not ended in it: only the record of one that has ended shows that nothing is left out'
  if (ended.records === undefined) return 'the end of the change in it does not say how many records it has before it'
  if (made !== undefined && plan === undefined) return 'the plan whose digest is on record is not in it'
  return own.flatMap((event, before) => missing(event, before)).at(0) ?? missingDecision(events)
}

function missing(event: JournalEvent, before: number) {
  if (event.type !== 'ExecutionEnded' || event.records === undefined || event.records === before) return []
  return [
    `records of the change are missing in it: ${before} of the ${event.records} before record ${event.seq} are there`,
  ]
}

function missingDecision(events: readonly JournalEvent[]) {
  const given = new Set(events.flatMap((event) => (event.type === 'ApprovalDecided' ? [event.statement.nonce] : [])))
  const used = events.find((event) => event.type === 'ApprovalUsed' && !given.has(event.nonce))
  return used === undefined ? undefined : `the approval that record ${used.seq} uses is not in it`
}
