import { EosflowError } from '../model/error.ts'
import type { Cursor } from './cursor.ts'
import type { AppendCondition } from './journal.ts'

/** What a store knows of an execution in the moment of a write. */
export interface ConditionFacts {
  /** Its newest record; 0 where it has none. */
  newest(execution: string): number
  /** Whether somebody has asked behind a cursor that it stops or rests. */
  isAsked(execution: string, since: Cursor): boolean
}

/** Requires what an append is bound to: `after` is the newest record of the execution that is written, or all that must hold. Throws `busy`. */
export function requireConditions(
  conditioned: ConditionFacts,
  execution: string | undefined,
  after: number | readonly AppendCondition[] | undefined,
): void {
  const own = typeof after === 'number' && execution !== undefined ? [{ of: execution, newest: after }] : []
  for (const condition of typeof after === 'object' ? after : own) requireHolds(conditioned, condition)
}

function requireHolds({ newest, isAsked }: ConditionFacts, { of, newest: known, unaskedSince }: AppendCondition): void {
  const last = newest(of)
  if (last !== known) {
    throw new EosflowError('busy', `execution ${of} was continued by another process`, {
      hint: `Watch it, and resume it when that process is gone: its newest record is ${last}, this one knows ${known}.`,
    })
  }
  if (unaskedSince === undefined || !isAsked(of, unaskedSince)) return
  throw new EosflowError('busy', `execution ${of} was asked to stop or to rest: it does not go on by itself`)
}
