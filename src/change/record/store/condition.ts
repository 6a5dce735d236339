import { EosflowError } from '../../../model/error.ts'
import type { Cursor } from '../event/cursor.ts'
import type { JournalEvent } from '../event/event.ts'
import type { AppendCondition, ExecutionCondition } from './journal.ts'

export const POLICY_RECORDS = [
  'BundlePublished',
  'PolicyLoaded',
  'PolicyRetired',
] as const satisfies readonly JournalEvent['type'][]

/** Another policy came into force after something was allowed and before it was written: nothing was. */
export class PolicyMovedError extends EosflowError {
  constructor() {
    super('stale', 'another policy came into force meanwhile: nothing was written', {
      hint: 'Run it again: it is judged by the new one.',
    })
  }
}

export interface ConditionFacts {
  /** The newest record that says which policy is in force; 0 where there is none. */
  newestPolicy(): number
  newest(execution: string): number
  /** Whether somebody has asked behind a cursor that it stops or rests. */
  isAsked(execution: string, since: Cursor): boolean
}

/** Requires what an append is bound to: `after` is the newest record of the execution that is written, or all that must hold. Throws `busy`, PolicyMovedError. */
export function requireConditions(
  conditioned: ConditionFacts,
  execution: string | undefined,
  after: number | readonly AppendCondition[] | undefined,
): void {
  const own = typeof after === 'number' && execution !== undefined ? [{ of: execution, newest: after }] : []
  for (const condition of typeof after === 'object' ? after : own) requireHolds(conditioned, condition)
}

function requireHolds(facts: ConditionFacts, condition: AppendCondition) {
  if (!('policy' in condition)) requireUnchanged(facts, condition)
  else if (facts.newestPolicy() !== condition.policy) throw new PolicyMovedError()
}

function requireUnchanged(
  { newest, isAsked }: ConditionFacts,
  { of, newest: known, unaskedSince }: ExecutionCondition,
) {
  const last = newest(of)
  if (last !== known) {
    throw new EosflowError('busy', `execution ${of} was continued by another process`, {
      hint: `Watch it, and resume it when that process is gone: its newest record is ${last}, this one knows ${known}.`,
    })
  }
  if (unaskedSince === undefined || !isAsked(of, unaskedSince)) return
  throw new EosflowError('busy', `execution ${of} was asked to stop or to rest: it does not go on by itself`)
}
