import type { TaskContext } from './context.ts'

/**
 * For how long a switch is still asked after its timer has ended (docs/fault-model.md row 13), and as long again for
 * staging and retries.
 */
const MARGIN = 120_000

/**
 * Throws `guard` when it is known that the user who would confirm the change of a switch, or put it back, cannot log in for as long
 * as that may take: a login that ends under the commit timer leaves the switch to its timer alone
 * (docs/secrets.md#what-ends-and-what-is-changed-meanwhile).
 */
export async function requireLastingLogin(context: Pick<TaskContext, 'change' | 'fleet'>, name: string): Promise<void> {
  const { timerSeconds } = await context.change.planned(name)
  await context.fleet.requireLogin(name, timerSeconds * 1000 + MARGIN)
}
