import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { readRecordedPlan } from '../../../change/plan/recorded-plan.ts'
import { storedPlan } from '../../../change/plan/stored-plan.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import { type ActJudgement, allowedNow, requireAllowed } from '../../access/policy/authority.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { asPublished, type PublishedChange } from '../../authoring/publish/as-published.ts'
import type { Caller, SilentCaller } from '../../identity/caller-of.ts'
import { branchOf } from '../../switches/inventory/netbox-branch.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { begin } from '../journal/begin.ts'
import { carryOut } from '../resume/carry-out.ts'

export type PlanningResult =
  | { readonly plan: Plan; readonly execution: string; readonly isDraft: boolean }
  | { readonly plan?: undefined; readonly state: ExecutionState; readonly isLeft: boolean }

export interface PlanningRequest {
  readonly prepared: PreparedChange
  readonly skipUnreachable: boolean
  readonly rebases?: string
}

/** `skipUnreachable`: those that do not answer are left out. Throws as the policy does, and as the beginning of an execution. */
export async function planChange(
  given: App,
  caller: Caller,
  { prepared: asked, skipUnreachable, rebases }: PlanningRequest,
): Promise<PlanningResult> {
  const { app, prepared, isDraft } = await publishedOrDraft(given, asked)
  const { netboxBranch } = given.project
  // Where it was not read nothing goes on record.
  branchOf(given.project)
  // A worker, and what is published, have no branch: their plan would be of main without a word.
  if (netboxBranch !== undefined && (app.shared !== undefined || app.project.netboxBranch !== netboxBranch)) {
    throw new EosflowError(
      'guard',
      'a plan from a branch of NetBox is made by this process alone, from the files of the folder',
      {
        hint: 'Plan in a project without workers and without a published bundle.',
      },
    )
  }
  const judged = await requirePlanning(app, caller, prepared)
  const begun = await begin(app, caller, {
    purpose: 'plan',
    judged,
    prepared,
    skipUnreachable,
    ...definedMembers({ rebases }),
  })
  const state = await carryOut(app, caller, begun, {})
  if (state === undefined) return { state: begun, isLeft: true }
  if (state.plan === undefined || state.outcome !== 'planned') return { state, isLeft: false }
  const plan = readRecordedPlan(await storedPlan(app.store, state.plan.ref))
  return { plan, execution: state.id, isDraft }
}

async function publishedOrDraft(
  given: App,
  prepared: PreparedChange,
): Promise<PublishedChange & { readonly isDraft: boolean }> {
  try {
    return { ...(await asPublished(given, { prepared })), isDraft: false }
  } catch (error) {
    if (!(error instanceof EosflowError && error.kind === 'stale')) throw error
    const { dispatch: _, ...app } = given
    return { app, prepared, isDraft: true }
  }
}

/** Requires that whoever is calling may plan a change, and gives how that is judged once more. Throws as the policy does. */
export async function requirePlanning(
  app: RecordApp,
  caller: SilentCaller,
  { workflow, devices }: PreparedChange,
): Promise<ActJudgement<unknown>> {
  const about = { workflow: workflow.file, devices: devices.map(({ name }) => name) }
  const allowed = await requireAllowed(app, caller, 'plan.create', about)
  return { again: () => allowedNow(app, allowed) }
}

export function unplanned(
  { words }: WordedHost,
  { state: { id, compensation }, isLeft }: Extract<PlanningResult, { readonly isLeft: boolean }>,
): EosflowError {
  const error = isLeft ? undefined : compensation?.error
  if (error === undefined) {
    const hint = words({ code: 'history', execution: id })
    return new EosflowError('busy', `the plan of ${id} is not made yet, and nobody waits for it here`, { hint })
  }
  const { kind, message, device, command, hint } = error
  return new EosflowError(kind, message, {
    ...definedMembers({ device, command, hint }),
  })
}
