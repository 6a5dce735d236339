import { isMadeUnder, requireSealed } from '../plan/make-plan.ts'
import type { Plan } from '../plan/plan.ts'
import type { Io } from './io.ts'

/**
 * Checks the seal of a plan that came as a file, where this machine has the key that it was made under; elsewhere says that nobody has
 * checked it. Throws `stale` for a plan that was changed after it was made.
 */
export function checkSeal({ err }: Pick<Io, 'err'>, plan: Plan, key: string | undefined): void {
  if (key !== undefined && isMadeUnder(key, plan)) {
    requireSealed(key, plan)
    return
  }
  err(
    `! seal not checked: only a machine with the install key ${plan.seal?.key ?? '?'} can say whether this plan was changed\n`,
  )
}
