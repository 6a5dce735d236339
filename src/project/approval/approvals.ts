import type { Approvals } from '../../change/engine/ports.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { storePlan } from '../../change/plan/stored-plan.ts'
import { judgeApprovals } from '../../change/policy/approval.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { visibleLine } from '../../report/text/text.ts'
import { localTerms } from '../access/policy/demands.ts'
import type { App, RecordApp } from '../app/app.ts'
import type { ProjectStore } from '../app/store/project-store.ts'
import type { AnswerWatch } from '../history/requests/inbox.ts'
import type { Caller, SilentCaller } from '../identity/caller-of.ts'
import { undoPlanOf } from '../plan/rollback/plan-inverse.ts'
import { requireSameDigest } from '../plan/trusted-seal.ts'
import { undoApprovedUntil } from './approved-undo.ts'
import { approvalCases, type CaseSources, stillMissing } from './case.ts'
import { decideHere } from './decide.ts'
import { type Choice, recordDecision, statementOf } from './signer.ts'
import type { SshSigningKey } from './ssh-signing.ts'

export interface AskMode {
  readonly digest?: string
  readonly comment?: string
  readonly detach?: boolean
  /** Absent: as `detach` says. */
  readonly passing?: boolean
  /** `--restored`: whoever is calling knows that the execution was open in the backup from which the store was restored. */
  readonly restored?: boolean
}

export function attendingOf({ passing = false, detach = false }: AskMode): AnswerWatch {
  if (passing) return 'passes'
  return detach ? 'nobody' : 'stays'
}

/** `decide` puts the caller's own word on record. */
export function approvalsOf(
  sources: CaseSources,
  caller: Caller,
  mode: AskMode & { readonly stop: AbortSignal },
  decide: (plan: Plan, choice: Choice) => Promise<unknown>,
): Approvals {
  const caseOf = approvalCases(sources)
  return {
    judge: async (question) => {
      const facts = await caseOf(question)
      return { ...judgeApprovals(facts), decided: facts.decisions.length }
    },
    ask: async (plan, why, signal) => {
      if (mode.digest !== undefined) {
        requireSameDigest(plan, mode.digest)
        await decide(plan, { decision: 'approve', comment: mode.comment ?? '' })
        return 'decided'
      }
      const { review } = caller
      if (mode.detach === true || review === undefined) {
        caller.tell(`${visibleLine(why)}\n`)
        return 'nobody'
      }
      if (!(await review(plan, why, AbortSignal.any([mode.stop, signal])))) {
        throw new EosflowError('not-approved', 'not approved at the terminal', {
          hint: 'Nothing was written. To make the change, run it again and answer with the whole word yes.',
        })
      }
      await decide(plan, { decision: 'approve', comment: 'at the terminal' })
      return 'decided'
    },
  }
}

/** Throws `not-approved`. */
export async function decideLocally(
  app: ProjectStore,
  caller: SilentCaller,
  plan: Plan,
  choice: Choice,
): Promise<void> {
  const statement = statementOf(plan, choice, caller.principal, app.clock.now())
  const allowed = localTerms.mayDecide(statement, caller.principal, plan)
  if (allowed.effect === 'deny') throw new EosflowError('not-approved', allowed.reason)
  await recordDecision(app, caller, statement)
}

export interface UndoChoice {
  readonly plan: Plan
  /** For how many milliseconds. */
  readonly holds: number
}

/** An approval of an undo on record: until when the undo is approved, else this approval holds, ISO 8601 in UTC, and what it still lacks. */
export interface ApprovedUndoWord {
  readonly plan: string
  readonly expires: string
  readonly missing: readonly string[]
  readonly note?: string
}

/** The undo of a plan, to be shown and approved with it for so many seconds. Throws as {@link undoPlanOf} does. */
export async function undoToApprove(app: App, caller: Caller, plan: Plan, seconds: number): Promise<UndoChoice> {
  return { plan: await undoPlanOf(app, caller, plan), holds: seconds * 1000 }
}

/** Throws as {@link decideHere} does. */
export async function approveUndo(
  app: RecordApp,
  caller: Caller,
  of: Plan,
  { plan, holds }: UndoChoice,
  { comment }: Pick<Choice, 'comment'>,
  key: SshSigningKey | undefined,
): Promise<ApprovedUndoWord> {
  const undo = { undoes: of.digest, undo: await storePlan(app.store, plan) }
  const { statement, note } = await decideHere(
    app,
    caller,
    plan,
    { decision: 'approve', comment, holds, undo },
    key,
  ).catch((error: unknown) => {
    throw error instanceof EosflowError ? ofUndo(error) : error
  })
  const missing = await stillMissing(app, caller.principal, { plan })
  const expires = (await undoApprovedUntil(app, caller, of.digest, plan)) ?? statement.expires
  return { plan: plan.digest, expires, missing, ...definedMembers({ note }) }
}

function ofUndo(cause: EosflowError) {
  const { kind, message, hint, retryable } = cause
  return new EosflowError(kind, `the undo: ${message}`, {
    retryable,
    hint: `${hint === undefined ? '' : `${hint} `}Neither the plan nor its undo was approved.`,
    cause,
  })
}
