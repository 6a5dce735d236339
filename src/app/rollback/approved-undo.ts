import type { ExecutionState } from '../../engine/state.ts'
import { EosflowError } from '../../model/error.ts'
import type { Plan } from '../../plan/plan.ts'
import type { PreparedChange } from '../../plan/prepare.ts'
import { readRecordedPlan } from '../../plan/recorded-plan.ts'
import { keyOfPlan, sealRunning } from '../../plan/seal.ts'
import { storedPlanText } from '../../plan/stored-plan.ts'
import { judgeApprovals } from '../../policy/approval.ts'
import { switches } from '../../report/count.ts'
import type { App } from '../app.ts'
import { caseGatherer } from '../approval/case.ts'
import { trustForRecord } from '../approval/case-sources.ts'
import type { Caller, SilentCaller } from '../caller.ts'
import { InputError, problemText } from '../input-error.ts'
import { movedNow } from '../plan/inventory-moves.ts'
import { savedChange } from '../plan/saved-change.ts'
import { requireSealed } from '../plan/trusted-seal.ts'
import { termsOf } from '../policy/terms.ts'
import type { RunningNow } from './plan-inverse.ts'
import { appWith, sourcesAt, undonePlan } from './sources.ts'

/** So many decisions are looked at, the newest first: an undo is approved for some days at most. */
const MOST_READ = 1000

/** The undo that was approved with a plan, as the record has it. */
export interface UndoOnRecord {
  readonly plan: Plan
  /** Until when the newest approval of it holds, ISO 8601 in UTC. */
  readonly expires: string
}

/** An undo that was approved with the plan of a finished execution, and that applies now; or why it is not used. */
export type ApprovedUndo =
  | { readonly kind: 'none' }
  | { readonly kind: 'unused'; readonly because: string }
  | { readonly kind: 'applies'; readonly plan: Plan; readonly prepared: PreparedChange; readonly approvers: string }

/** The newest undo that was approved with a plan; undefined where there is none. Throws `stale` for one that cannot be read as it was approved. */
export async function undoOnRecord({ store }: Pick<App, 'store'>, plan: string): Promise<UndoOnRecord | undefined> {
  const decisions = await store.newestOf('ApprovalDecided', MOST_READ)
  const found = decisions.find(({ undoes, statement }) => undoes === plan && statement.decision === 'approve')
  if (found?.undo === undefined) return undefined
  const undo = readRecordedPlan(await storedPlanText(store, found.undo))
  const isOfPlan = undonePlan(undo.content.workflow.file) === plan
  if (!isOfPlan || undo.digest !== found.statement.plan) {
    throw new EosflowError('stale', 'the undo on record is another plan than the one that was approved')
  }
  return { plan: undo, expires: found.statement.expires }
}

/**
 * Until when an execution that has ended well can be taken back without another approval, ISO 8601 in UTC; undefined where it cannot, as far as the
 * record says: no switch is asked.
 */
export async function undoUntil(app: App, caller: SilentCaller, state: ExecutionState): Promise<string | undefined> {
  const { outcome, plan } = state
  if (outcome !== 'succeeded' || plan === undefined) return undefined
  const undo = await undoOnRecord(app, plan.digest).catch(unlessStale)
  if (undo === undefined || Date.parse(undo.expires) <= app.clock.now()) return undefined
  const judged = judgeApprovals(await factsOf(app, caller, state, undo.plan))
  return judged.status === 'approved' ? undo.expires : undefined
}

function unlessStale(error: unknown): undefined {
  if (error instanceof EosflowError && error.kind === 'stale') return undefined
  throw error
}

/**
 * Finds the undo that takes an execution back without another approval: on all switches that it has changed, each of which must still run what was confirmed.
 */
export async function approvedUndo(
  app: App,
  caller: Caller,
  state: ExecutionState,
  changed: readonly string[],
  running: RunningNow,
): Promise<ApprovedUndo> {
  const { plan: planned } = state
  if (planned === undefined) return { kind: 'none' }
  try {
    const found = await undoOnRecord(app, planned.digest)
    if (found === undefined) return { kind: 'none' }
    const { plan } = found
    requireSealed(plan, app)
    const other = otherSwitches(plan, changed) ?? movedOn(app, plan, running)
    if (other !== undefined) return { kind: 'unused', because: other }
    const { file } = plan.content.workflow
    const sources = await sourcesAt(app, file)
    if (sources === undefined) return { kind: 'unused', because: 'its lines are missing' }
    const filed = appWith(app, file, sources)
    const { prepared } = await savedChange(app, filed.project, file, plan, undefined)
    const judged = judgeApprovals(await factsOf(filed, caller, state, plan))
    if (judged.status !== 'approved') return { kind: 'unused', because: judged.reason }
    return {
      kind: 'applies',
      plan,
      prepared,
      approvers: judged.approvals.map(({ approver }) => approver.id).join(', '),
    }
  } catch (error) {
    if (error instanceof InputError) return { kind: 'unused', because: error.problems.map(problemText).join('; ') }
    if (error instanceof EosflowError && error.kind === 'stale') return { kind: 'unused', because: error.message }
    throw error
  }
}

/** The facts as they are judged again, by the one that sends it, before the first commit and before each. */
function factsOf(
  app: App,
  caller: SilentCaller,
  { id, plan }: ExecutionState,
  undo: Plan,
): ReturnType<ReturnType<typeof caseGatherer>> {
  const { project, key } = app
  return caseGatherer({
    app,
    caller,
    terms: () => termsOf(app, caller),
    definition: () => undo.content.workflow.digest,
    moved: movedNow(project, key),
    demands: () => ({}),
    trust: () => trustForRecord(app),
    undone: { plan: plan?.digest ?? '', by: id },
  })({ moment: 'start', plan: undo, recomputed: undo.digest, execution: '', starter: caller.principal, isAsked: true })
}

/** That the undo is for other switches than those that are to be put back; undefined where it is for exactly these. */
function otherSwitches({ content }: Plan, changed: readonly string[]): string | undefined {
  const own = content.waves.flat()
  if (own.length === changed.length && changed.every((name) => own.includes(name))) return undefined
  return `it is for ${switches(own.length)} together: ${own.join(', ')}`
}

/** That a switch no longer runs what was confirmed; undefined where each does, and where none was asked. */
function movedOn({ key }: App, plan: Plan, running: RunningNow): string | undefined {
  if (running === undefined) return undefined
  const own = keyOfPlan(key, plan)
  const moved = plan.content.devices.filter(
    ({ name, base }) => sealRunning(own, running.get(name) ?? '') !== base.running,
  )
  if (moved.length === 0) return undefined
  return `no longer as it was confirmed: ${moved.map(({ name }) => name).join(', ')}`
}
