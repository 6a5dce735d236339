import type { ApprovalStatement } from '../../model/approval.ts'
import type { PlanRun, RunEnd } from '../../model/plan-run.ts'
import type { ApprovalCase, UndonePlan } from './approval-case.ts'

export type ApprovalUses = Pick<ApprovalCase, 'uses' | 'runs' | 'execution' | 'carriedAway'>

export interface ApprovalOnRecord {
  readonly statement: Pick<ApprovalStatement, 'nonce' | 'notBefore' | 'maxRuns'>
  readonly record: number
}

/** Why an approval is no longer there for an execution; undefined while it is. Whoever used it has had it; so has every execution that was sent while it was on record, whosever approvals that used, and, for those that begin later, one that ended unsent, unless it was refused and nothing had come of it. */
export function spentOn(
  given: ApprovalOnRecord,
  { uses, runs, execution, carriedAway }: ApprovalUses,
): string | undefined {
  const { nonce, maxRuns } = given.statement
  const own = runs.find((run) => run.execution === execution)
  if (isBefore(given, own?.stopped)) {
    return `the approval lapsed when ${execution} was stopped; approve the plan again`
  }
  const isOwn = uses.some((use) => use.nonce === nonce && use.execution === execution)
  if (carriedAway !== undefined && given.record < carriedAway.seq && !isOwn) return gone(carriedAway.to)
  const users = uses.filter((use) => use.nonce === nonce && use.execution !== execution)
  const others = runs.filter((run) => run.execution !== execution)
  const began = own?.began ?? Number.POSITIVE_INFINITY
  const isSent = (run: PlanRun) => uses.some((use) => use.execution === run.execution)
  const had = others.filter((run) => {
    const { ended, stopped } = run
    if (ended !== undefined && !isBefore(given, ended)) return false
    if (isSent(run)) return true
    if (isBefore(given, stopped) && stopped.record < began) return true
    return ended !== undefined && !ended.isRefused && ended.record < began
  })
  const whom = new Set([...users.map((use) => use.execution), ...had.map((run) => run.execution)])
  if (whom.size < maxRuns) return undefined
  const [user] = users
  if (user !== undefined) return `the approval was used by execution ${user.execution}; approve the plan again`
  const open = had.find(({ ended }) => ended === undefined)
  return open === undefined
    ? `the approval lapsed when ${had.at(-1)?.execution} ended; approve the plan again`
    : `the approval is for ${open.execution}, which carries the plan out; approve the plan again when that has ended`
}

/** That an approval is for another plan now than the one that it was given for, or has carried to before. */
export function gone(to: string): string {
  return `the approval has carried to the plan ${to}, and is none for this one any more; approve the plan again`
}

/** Whether an approval was given before an end: by the record, or by the time at which it was signed. Not before one that is not there. */
export function isBefore({ statement, record }: ApprovalOnRecord, end: RunEnd | undefined): end is RunEnd {
  return end !== undefined && (record < end.record || Date.parse(statement.notBefore) < Date.parse(end.at))
}

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
