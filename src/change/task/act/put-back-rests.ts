import type { TaskContext } from './context.ts'
import { lookAnew } from './new-login.ts'

// How long a switch may take to come back after its own timer has reverted it, in milliseconds (docs/fault-model.md row 13).
const GRACE = 60_000
const PAUSE = 3_000
// The longest pause behind a refusal where no commit timer runs.
const LONGEST = 20_000

/**
 * How long a silent switch is asked, in milliseconds: a whole commit timer, if one was started, and the grace. When it was
 * started is known by the wall clock alone, which may have jumped since; waiting too long costs time, too short the answer.
 */
export function patience(context: TaskContext<unknown>, name: string): number {
  const { armedAt, timer } = context.history(name)
  return (armedAt === undefined || timer === undefined ? 0 : timer * 1000) + GRACE
}

/** Rests before a switch is asked again where it is, and makes a new login for it. One that has refused the user is asked ever less often, because enough refusals lock an account: its commit timer gives it the users of before. */
export async function restBetween(
  context: TaskContext<unknown>,
  name: string,
  refused: number | undefined,
): Promise<number> {
  if (refused === undefined) {
    await context.clock.sleep(PAUSE, context.signal)
    await lookAnew(context, name, []).catch(() => undefined)
    return 0
  }
  const { armedAt, timer } = context.history(name)
  const left = armedAt === undefined || timer === undefined ? 0 : armedAt + timer * 1000 - context.clock.now()
  const pause = Math.min(Math.max(PAUSE, refused * 2), left > 0 ? left + PAUSE : LONGEST)
  await context.clock.sleep(pause, context.signal)
  return pause
}
