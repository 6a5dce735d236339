import { EosflowError } from '../../model/error.ts'
import type { PlanContent } from './plan.ts'

export interface LeftOutSwitch {
  readonly name: string
  /** `maxFailures`: it is one of the failures that the workflow tolerates. `skip-unreachable`: whoever asked for the plan said so. */
  readonly by: 'maxFailures' | 'skip-unreachable'
  readonly message: string
}

export function mostFailures(maxFailures: PlanContent['maxFailures'], of: number): number {
  return typeof maxFailures === 'number' ? maxFailures : Math.floor((of * Number.parseFloat(maxFailures)) / 100)
}

/** The switches that count as failures since before the plan. */
export function failedBefore({ leftOut = [] }: Pick<PlanContent, 'leftOut'>): readonly string[] {
  return leftOut.flatMap(({ name, by }) => (by === 'maxFailures' ? [name] : []))
}

/** Throws `unreachable`. */
export function requireTolerable(
  leftOut: readonly LeftOutSwitch[],
  changed: number,
  { maxFailures, canary }: Pick<PlanContent, 'maxFailures'> & { readonly canary: readonly string[] },
): void {
  const counted = leftOut.filter(({ by }) => by === 'maxFailures')
  const most = mostFailures(maxFailures, changed + counted.length)
  const first = leftOut.filter(({ name }) => canary.includes(name))
  const beyond = counted.length > most ? counted : []
  const faults = first.length > 0 ? first : beyond
  if (faults.length === 0) return
  const message = faults.map((one) => one.message).join('\n')
  const isCanary = first.length > 0
  throw new EosflowError('unreachable', message, {
    hint: isCanary
      ? `${first.map(({ name }) => name).join(', ')} is to go first: name another canary, or restore the connection to it.`
      : SKIP_HINT,
  })
}

export const SKIP_HINT =
  'Restore the connection to it, leave it out with --skip-unreachable, or let some fail with maxFailures.'
