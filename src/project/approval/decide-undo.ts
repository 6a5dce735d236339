import type { Plan } from '../../change/plan/plan.ts'
import { storePlan } from '../../change/plan/stored-plan.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { App, RecordApp } from '../app/app.ts'
import type { Caller } from '../identity/caller-of.ts'
import { undoPlanOf } from '../plan/rollback/plan-inverse.ts'
import { undoApprovedUntil } from './approved-undo.ts'
import { stillMissing } from './case.ts'
import { decideHere } from './decide.ts'
import type { Choice } from './signer.ts'
import type { SshSigningKey } from './ssh-signing.ts'

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
