import type { StateMachine } from '../machine/machine.ts'
import { statesIn } from '../machine/walk.ts'
import { type Warning, warning } from './warning.ts'

// More retries than that hide a fault instead of outlasting it.
const ENOUGH = 5

export function manyAttempts(machine: StateMachine): readonly Warning[] {
  return statesIn(machine).flatMap(({ state }) => {
    const retry = 'retry' in state ? state.retry : []
    return retry
      .filter(({ maxAttempts }) => maxAttempts > ENOUGH)
      .map(({ maxAttempts, errorEquals }) =>
        warning(
          'many-attempts',
          `\`${state.name}\` is tried again ${maxAttempts} times after ${errorEquals.join(', ')}`,
          state.at,
          'write `MaxAttempts: 5` or fewer, and longer pauses: `IntervalSeconds`, `BackoffRate`',
        ),
      )
  })
}
