import { type EosflowError, errorRecord } from '../../model/error.ts'
import { mostFailures } from '../plan/left-out-switch.ts'
import type { PlanContent } from '../plan/plan.ts'
import type { AbsentSwitch } from '../task/act/context.ts'
import type { StateMachine } from '../workflow/machine/machine.ts'
import type { Ledger } from './ledger.ts'
import type { ExecutionState } from './state.ts'

/**
 * Puts on record that switches do not answer and that the execution goes on without them, where that is wanted or tolerated: before the
 * plan because whoever started it said so, else as failures under `maxFailures`, which counts from the first contact.
 */
export function leaveOut(ledger: Ledger): (absent: readonly AbsentSwitch[]) => Promise<boolean> {
  return async (absent) => {
    const by = mayLeaveOut(
      ledger.state,
      absent.map(({ device }) => device),
    )
    if (by === undefined) return false
    await ledger.append(
      ...absent.map(({ device, error }: { device: string; error: EosflowError }) => ({
        type: 'DeviceLeftOut' as const,
        device,
        by,
        error: errorRecord(error),
      })),
    )
    return true
  }
}

/** Why these switches may be left out, as far as is known now; undefined where they may not. */
export function mayLeaveOut(
  execution: ExecutionState,
  names: readonly string[],
): 'maxFailures' | 'skip-unreachable' | undefined {
  const { plan, targets, leftOut, skipUnreachable } = execution
  const going = plan === undefined ? targets : plan.waves.flat()
  const gone = new Set([...names, ...leftOut.keys(), ...execution.failed])
  if (going.every((name) => gone.has(name))) return undefined
  if (plan === undefined && skipUnreachable) return 'skip-unreachable'
  if (names.some((name) => plan?.canaries.includes(name))) return undefined
  return failuresSoFar(execution).size + names.length <= mostOf(execution) ? 'maxFailures' : undefined
}

/** The switches whose failure counts under `maxFailures`: those that failed or were put back, and those left out for it. */
export function failuresSoFar({ plan, ends, failed, leftOut }: ExecutionState): ReadonlySet<string> {
  const changed = (plan?.waves.flat() ?? []).filter((name) => ends.has(name) || failed.has(name))
  const before = leftOut.filter(({ by }) => by === 'maxFailures').keySeq()
  return new Set([...changed, ...before])
}

function mostOf(execution: ExecutionState) {
  const failures = budgetIn(execution.machine)
  return failures === undefined ? 0 : mostFailures(failures, shareBase(execution))
}

/** Of how many switches a share is: those that change, and those that failed before that was known. */
export function shareBase({ plan, targets, leftOut }: ExecutionState): number {
  if (plan === undefined) return targets.length
  const changed = plan.waves.flat()
  const known = new Set(changed)
  return changed.length + leftOut.filter(({ by }, name) => by === 'maxFailures' && !known.has(name)).size
}

function budgetIn({ states }: StateMachine): PlanContent['maxFailures'] | undefined {
  for (const state of Object.values(states)) {
    if (state.kind !== 'Map') continue
    const { toleratedFailureCount: count } = state
    if (count?.from === 'budget') return count.failures
    const below = budgetIn(state.iterator)
    if (below !== undefined) return below
  }
  return undefined
}
