import type { Plan } from '../../../change/plan/plan.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { EosflowError } from '../../../model/error.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { planAsApproved } from '../../history/plans/settled-plan.ts'
import { undonePlan } from './sources.ts'

/** For how long an undo may be approved at most, in seconds: 7 days, as any approval. */
export const LONGEST_UNDO = 7 * 86_400

// So many decisions are looked at, the newest first: an undo is approved for some days at most.
const MOST_READ = 1000

/** The newest approval of a plan that approves an undo of it too, by the digest of the plan; undefined where there is none. */
export async function undoDecision(
  { store }: Pick<ProjectStore, 'store'>,
  plan: string,
): Promise<Extract<JournalEvent, { type: 'ApprovalDecided' }> | undefined> {
  const decisions = await store.newestOf('ApprovalDecided', MOST_READ)
  return decisions.find(({ undoes, statement }) => undoes === plan && statement.decision === 'approve')
}

/** The newest undo that was approved with a plan; undefined where there is none. Throws `stale` for one that cannot be read as it was approved. */
export async function undoOnRecord(app: Pick<ProjectStore, 'store'>, plan: string): Promise<Plan | undefined> {
  const found = await undoDecision(app, plan)
  if (found?.undo === undefined) return undefined
  const { undo: ref, statement } = found
  const undo = await planAsApproved(app, { ref, digest: statement.plan, what: 'the undo on record' })
  if (undonePlan(undo.content.workflow.file) === plan) return undo
  throw new EosflowError('stale', 'the undo on record is another plan than the one that was approved')
}
