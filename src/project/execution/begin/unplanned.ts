import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { WordedHost } from '../../system/process/host.ts'
import type { PlanningResult } from './plan-change.ts'

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
