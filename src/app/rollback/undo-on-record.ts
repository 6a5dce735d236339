import type { JournalEvent } from '../../journal/event.ts'
import { EosflowError } from '../../model/error.ts'
import type { Plan } from '../../plan/plan.ts'
import { readRecordedPlan } from '../../plan/recorded-plan.ts'
import { storedPlan } from '../../plan/stored-plan.ts'
import type { App } from '../app.ts'
import { unreadableText } from '../unreadable-text.ts'
import { undonePlan } from './sources.ts'

/** For how long an undo may be approved at most, in seconds: 7 days, as any approval. */
export const LONGEST_UNDO = 7 * 86_400

/** So many decisions are looked at, the newest first: an undo is approved for some days at most. */
const MOST_READ = 1000

/** The newest approval of a plan that approves an undo of it too, by the digest of the plan; undefined where there is none. */
export async function undoDecision(
  { store }: Pick<App, 'store'>,
  plan: string,
): Promise<Extract<JournalEvent, { type: 'ApprovalDecided' }> | undefined> {
  const decisions = await store.newestOf('ApprovalDecided', MOST_READ)
  return decisions.find(({ undoes, statement }) => undoes === plan && statement.decision === 'approve')
}

/** The newest undo that was approved with a plan; undefined where there is none. Throws `stale` for one that cannot be read as it was approved. */
export async function undoOnRecord(app: Pick<App, 'store'>, plan: string): Promise<Plan | undefined> {
  const found = await undoDecision(app, plan)
  if (found?.undo === undefined) return undefined
  const stored = await storedPlan(app.store, found.undo).catch((cause: unknown) => {
    throw unreadableText('the undo on record was altered or is missing', cause)
  })
  const undo = readRecordedPlan(stored)
  const isOfPlan = undonePlan(undo.content.workflow.file) === plan
  if (!isOfPlan || undo.digest !== found.statement.plan) {
    throw new EosflowError('stale', 'the undo on record is another plan than the one that was approved')
  }
  return undo
}
