import { changedSwitches } from '../../change/engine/outcome.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import { demandsOf } from '../../change/plan/demands.ts'
import type { Plan } from '../../change/plan/plan.ts'
import type { PreparedChange } from '../../change/plan/prepare.ts'
import { keyOfPlan, sealRunning } from '../../change/plan/seal.ts'
import { approvedUntil, judgeApprovals } from '../../change/policy/approval.ts'
import { EosflowError } from '../../model/error.ts'
import { switches } from '../../report/text/text.ts'
import { termsOf } from '../access/policy/demands.ts'
import type { RecordApp } from '../app/app.ts'
import { switchEnds } from '../history/executions/switch-ends.ts'
import type { Caller, SilentCaller } from '../identity/caller-of.ts'
import { definitionHere, movedNow } from '../plan/definition/definition-of.ts'
import { savedChange } from '../plan/planning.ts'
import type { RunningNow } from '../plan/rollback/plan-inverse.ts'
import { appWith, sourcesAt, undoOnRecord } from '../plan/rollback/sources.ts'
import { requireSealed } from '../plan/trusted-seal.ts'
import { InputError, problemText } from '../system/process/input-error.ts'
import { caseGatherer, trustForRecord } from './case.ts'

export type ApprovedUndo =
  | { readonly kind: 'none' }
  | { readonly kind: 'unused'; readonly because: string }
  | { readonly kind: 'applies'; readonly plan: Plan; readonly prepared: PreparedChange; readonly approvers: string }

/**
 * Until when an execution that has ended well can be taken back without another approval, ISO 8601 in UTC; undefined where it cannot, as far as the
 * record and the project say: no switch is asked.
 */
export async function undoUntil(
  app: RecordApp,
  caller: SilentCaller,
  state: ExecutionState,
): Promise<string | undefined> {
  const { id, outcome, plan: undone } = state
  if (outcome !== 'succeeded' || undone === undefined) return undefined
  try {
    const plan = await undoOnRecord(app, undone.digest)
    if (plan === undefined || (await outOfPlace(app, id, plan, changedSwitches(state))) !== undefined) return undefined
    const { facts } = await undoNow(app, caller, { plan, undoes: undone.digest, by: id })
    return isoOf(approvedUntil(facts))
  } catch (error) {
    // Where the undo cannot be judged it is not used: what became of the execution is shown all the same.
    if (error instanceof EosflowError || error instanceof InputError) return undefined
    throw error
  }
}

/** Until when an undo is approved for whoever made its plan, ISO 8601 in UTC, if they send that next; undefined where it is not. */
export async function undoApprovedUntil(
  app: RecordApp,
  { principal }: SilentCaller,
  undoes: string,
  plan: Plan,
): Promise<string | undefined> {
  const [requester = principal] = plan.content.requesters
  const { facts } = await undoNow(app, { principal: requester }, { plan, undoes, by: undefined })
  return isoOf(approvedUntil(facts))
}

const isoOf = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())

export async function approvedUndo(
  app: RecordApp,
  caller: Caller,
  state: ExecutionState,
  changed: readonly string[],
  running: RunningNow,
): Promise<ApprovedUndo> {
  const { id, plan: undone } = state
  if (undone === undefined) return { kind: 'none' }
  try {
    const plan = await undoOnRecord(app, undone.digest)
    if (plan === undefined) return { kind: 'none' }
    const other = (await outOfPlace(app, id, plan, changed)) ?? movedOn(app, plan, running)
    if (other !== undefined) return { kind: 'unused', because: other }
    const { facts, prepared } = await undoNow(app, caller, { plan, undoes: undone.digest, by: id })
    const judged = judgeApprovals(facts)
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

interface UndoAsked {
  readonly plan: Plan
  readonly undoes: string
  readonly by: string | undefined
}

// Throws `stale` where its plan is no longer what the project gives, InputError.
async function undoNow(app: RecordApp, caller: SilentCaller, { plan: undo, undoes, by }: UndoAsked) {
  const { file } = undo.content.workflow
  requireSealed(undo, app)
  const sources = await sourcesAt(app, file)
  if (sources === undefined) throw new EosflowError('stale', 'its lines are missing')
  const filed = appWith(app, file, sources)
  const { project, key } = filed
  const { prepared } = await savedChange(filed, project, file, undo, undefined)
  const definition = definitionHere(filed, prepared, caller.principal, keyOfPlan(key, undo))
  const gather = caseGatherer({
    app: filed,
    caller,
    terms: () => termsOf(filed, caller),
    definition: () => () => undo.content.workflow.digest,
    moved: movedNow(project, key),
    demands: ({ content }) => demandsOf(content, definition),
    trust: () => trustForRecord(filed),
    undone: { plan: undoes, by },
  })
  const asked = { plan: undo, recomputed: undo.digest, execution: '', starter: caller.principal, isAsked: true }
  return { prepared, facts: await gather({ moment: 'start', ...asked }) }
}

// That the undo is for other switches, or that another execution has changed them since; undefined where neither is so.
async function outOfPlace(app: RecordApp, id: string, undo: Plan, changed: readonly string[]) {
  const other = otherSwitches(undo, changed)
  if (other !== undefined) return other
  const ends = await switchEnds(app)
  const since = changed.flatMap((name) => {
    const newest = ends.get(name)?.changed?.execution ?? id
    return newest === id ? [] : [`${name} by ${newest}`]
  })
  return since.length === 0 ? undefined : `changed since: ${since.join(', ')}`
}

function otherSwitches({ content }: Plan, changed: readonly string[]) {
  const own = content.waves.flat()
  if (own.length === changed.length && changed.every((name) => own.includes(name))) return undefined
  return `it is for ${switches(own.length)} together: ${own.join(', ')}`
}

function movedOn({ key }: RecordApp, plan: Plan, running: RunningNow) {
  if (running === undefined) return undefined
  const own = keyOfPlan(key, plan)
  const moved = plan.content.devices.filter(
    ({ name, base }) => sealRunning(own, running.get(name)?.running ?? '') !== base.running,
  )
  if (moved.length === 0) return undefined
  return `no longer as it was confirmed: ${moved.map(({ name }) => name).join(', ')}`
}
