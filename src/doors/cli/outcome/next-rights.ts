import { waitsForApproval } from '../../../change/engine/outcome.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import { recordedPlan } from '../../../change/plan/stored-plan.ts'
import { messageOf } from '../../../model/error.ts'
import type { Scope } from '../../../model/principal.ts'
import { isAllowed } from '../../../project/access/policy/authority.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import { mayApprove, type WantedApprovers, whoCanApprove } from '../../../project/approval/never-counts.ts'
import { madeBy } from '../../../project/history/plans/made-change.ts'
import type { SilentCaller } from '../../../project/identity/caller-of.ts'
import { hiddenParams } from '../../../report/plan/plan-statements.ts'
import { approveWithKey, sendWords } from '../../../report/send-words.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { visibleLine } from '../../../report/text/text.ts'
import type { NextRights } from './next-step.ts'

interface RightsAfter extends NextRights {
  readonly wanted: readonly string[]
}

/** Asks the policy what a caller may do after an execution. */
export async function rightsAfter(app: RecordApp, caller: SilentCaller, state: ExecutionState): Promise<RightsAfter> {
  const about = { devices: state.targets, workflow: state.file }
  const may = (action: Scope) => {
    try {
      return isAllowed(app, caller, action, about)
    } catch {
      return false
    }
  }
  if (!waitsForApproval(state) || state.plan === undefined) return { may, wanted: [], ...(await hiddenOf(app, state)) }
  const made = await madeBy(app, state.plan.digest)
  if (made !== undefined) return { may, wanted: [], made }
  try {
    const plan = await recordedPlan(app.store, state.plan.ref)
    const counts = mayApprove(app, caller, plan)
    return {
      may: (action) => (action === 'plan.approve' ? counts : may(action)),
      wanted: counts ? [] : whoCanApprove(app, plan).wanted,
    }
  } catch (error) {
    return { may: (action) => action !== 'plan.approve' && may(action), wanted: [messageOf(error)] }
  }
}

async function hiddenOf(
  { store }: Pick<RecordApp, 'store'>,
  { outcome, params, plan }: ExecutionState,
): Promise<Pick<RightsAfter, 'hidden'>> {
  const isGood = outcome === undefined || outcome === 'succeeded' || outcome === 'nothing-to-do'
  if (isGood || plan === undefined || Object.keys(params).length === 0) return {}
  return { hidden: hiddenParams((await recordedPlan(store, plan.ref)).content) }
}

export function madeWords({ made }: Pick<RightsAfter, 'made'>): string {
  return made === undefined ? '' : `${made} has made this change: there is nothing to approve.\n`
}

/** The line `Next:`; nothing where there is no command that the caller may run. */
export function nextLine(next: string | undefined): string {
  return next === undefined ? '' : `Next: ${next}\n`
}

export interface RightsOnPlan extends WantedApprovers {
  readonly approve: boolean
  readonly run: boolean
}

const NONE: WantedApprovers = { wanted: [], names: [], byKey: false }

export const ALL_RIGHTS: RightsOnPlan = { approve: true, run: true, ...NONE }

export function rightsOnPlan(app: RecordApp, caller: SilentCaller, plan: Plan): RightsOnPlan {
  const about = {
    devices: plan.content.waves.flat(),
    workflow: plan.content.workflow.file,
    underway: 'demands' as const,
  }
  const approve = mayApprove(app, caller, plan)
  const isWanting = !approve && plan.content.waves.length > 0
  return {
    approve,
    run: isAllowed(app, caller, 'execution.start', about),
    ...(isWanting ? whoCanApprove(app, plan) : NONE),
  }
}

export function sendTo({ wanted, names, byKey }: WantedApprovers, word: string): readonly string[] {
  if (wanted.length === 0) return []
  const named = shellWord(word)
  const isFile = /[./]/.test(word)
  const stem = shellWord(word.replace(/\.plan$/, ''))
  const signs = byKey || names.length > 0
  const withKey = isFile ? approveWithKey(stem, named) : `eosflow approve ${named} --key ~/.ssh/id_ed25519`
  const back = signs && isFile ? [`With what they send back: eosflow run ${named} --approval ${stem}.approval`] : []
  return [...wanted.map(visibleLine), sendWords(named, names, signs ? withKey : `eosflow approve ${named}`), ...back]
}
