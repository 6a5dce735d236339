import type { PlanRun } from '../../model/plan-run.ts'
import type { UndonePlan } from './approval-case.ts'
import { type ApprovalOnRecord, isBefore } from './spent.ts'

/**
 * Why the approval of an undo is none for rolling back an execution; undefined where it is. It was given together with an approval of the plan, and
 * is for the next execution that sends that plan, and no longer once somebody has stopped it or has rejected the plan (docs/adr/0110-an-undo-that-is-approved-before.md).
 */
export function notUndone(given: ApprovalOnRecord, { by, runs, uses, rejectedBy }: UndonePlan): string | undefined {
  const sent = sentRuns(runs, uses)
  if (by === undefined) {
    const had = sent.find(({ ended }) => isBefore(given, ended))
    return had && `the undo was approved for ${had.execution}, which has sent the plan; approve it again`
  }
  if (rejectedBy !== undefined) return `${rejectedBy} has rejected the plan, and with it its undo`
  const isOver = ({ ended }: PlanRun) => ended !== undefined && !isBefore(given, ended)
  const next = sent.find((run) => !isOver(run))
  if (next === undefined) return 'the undo was approved when every execution of the plan had ended'
  if (next.execution !== by) {
    return `the undo was approved for ${next.execution}, which was the next to send the plan; approve this rollback by itself`
  }
  const later = sent.slice(sent.indexOf(next) + 1).find((run) => !isOver(run))
  if (later !== undefined) return `the approval of the undo lapsed when ${later.execution} sent the plan again`
  return isBefore(given, next.stopped) ? `the approval of the undo lapsed when ${by} was stopped` : undefined
}

function sentRuns(runs: readonly PlanRun[], uses: UndonePlan['uses']) {
  if (uses.length === 0) return runs.filter(({ ended }) => ended?.isRefused !== true)
  const users = new Set(uses.map(({ execution }) => execution))
  return [...users].flatMap((user) => runs.filter(({ execution }) => execution === user))
}
