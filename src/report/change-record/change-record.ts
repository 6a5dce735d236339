import { z } from 'zod'
import { planDigest } from '../../change/plan/make-plan.ts'
import type { Plan, PlanContent } from '../../change/plan/plan.ts'
import { eventsIn, excerptSchema } from '../../change/record/audit/excerpt.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { givenJson } from '../../model/json.ts'

/** Version 1. */
export const changeRecordSchema = z.strictObject({
  kind: z.literal('eosflow.change-record'),
  v: z.literal(1),
  /** The eosflow that has made the page: another one may word it otherwise. */
  version: z.string(),
  execution: z.string(),
  excerpt: excerptSchema,
  /** The content of the plan, whose digest is on record; null where there is none, or it is of an earlier form. */
  plan: z.custom<PlanContent | null>((value) => value !== undefined),
})

export type ChangeRecord = Readonly<z.output<typeof changeRecordSchema>>

// What stands before the data in a page, and behind it.
const BEFORE = '<script type="application/json" id="eosflow-change-record">'
const BEHIND = '</script>'

export function embedded(record: ChangeRecord): string {
  return `${BEFORE}${JSON.stringify(record).replaceAll('<', '\\u003c')}${BEHIND}`
}

/** Reads the data out of a page; undefined where the page has none, or not of this form. */
export function changeRecordIn(page: string): ChangeRecord | undefined {
  const read = changeRecordSchema.safeParse(dataIn(page))
  return read.data
}

export function otherVersionIn(page: string): number | undefined {
  const read = z.object({ excerpt: z.object({ v: z.int() }) }).safeParse(dataIn(page))
  return read.success && read.data.excerpt.v !== 2 ? read.data.excerpt.v : undefined
}

function dataIn(page: string): unknown {
  const from = page.lastIndexOf(BEFORE)
  const to = page.indexOf(BEHIND, from)
  if (from < 0 || to < 0) return undefined
  try {
    return givenJson(page.slice(from + BEFORE.length, to))
  } catch {
    return undefined
  }
}

export interface PlanOfRecord {
  readonly plan: string | undefined
  readonly rebases: string | undefined
}

export function belongsTo(event: JournalEvent, execution: string, { plan, rebases }: PlanOfRecord): boolean {
  if (event.execution === execution) return true
  switch (event.type) {
    case 'ApprovalDecided':
      return event.statement.plan === plan || (rebases !== undefined && event.statement.plan === rebases)
    case 'ApprovalCarried':
      return event.to === plan
    case 'StopRequested':
      return event.stopped === execution
    case 'SuspendRequested':
      return event.suspended === execution
    default:
      return false
  }
}

export function contentOf({ excerpt, plan, execution }: ChangeRecord): {
  readonly events: readonly JournalEvent[]
  readonly plan?: Plan
} {
  const events = eventsIn(excerpt)
  const made = events.findLast((event) => event.type === 'PlanMade' && event.execution === execution)
  if (plan === null || made?.type !== 'PlanMade' || planDigest(plan) !== made.digest) return { events }
  const evidence = { createdAt: made.at, deviceDiffs: {}, state: {} }
  return { events, plan: { version: 3, digest: made.digest, content: plan, evidence } }
}
