import type { EosflowError } from '../../model/error.ts'
import type { DecisionRecord, EventBody } from '../record/event/event.ts'
import type { TaskState } from '../workflow/machine/machine.ts'
import type { Ledger } from './ledger.ts'
import type { ExecutionState } from './state.ts'

export interface StateStart {
  readonly state: TaskState
  readonly devices: readonly string[]
}

export type Ruling =
  | { readonly effect: 'allow'; readonly decision?: DecisionRecord }
  | {
      readonly effect: 'deny'
      readonly error: EosflowError
      readonly record: Extract<EventBody, { readonly type: 'AccessDenied' }>
    }

/** Rules at once if it has no one to ask. */
export type Authority = (start: StateStart, execution: ExecutionState) => Ruling | Promise<Ruling>

/** Asks each in its order: the first that denies, denies, and no later one is asked. */
export function rulingsInOrder(rulings: readonly Authority[]): Authority {
  return async (start, execution) => {
    let allowed: Ruling = { effect: 'allow' }
    for (const ruling of rulings) {
      const asked = ruling(start, execution)
      const made = asked instanceof Promise ? await asked : asked
      if (made.effect === 'deny') return made
      if (made.decision !== undefined) allowed = made
    }
    return allowed
  }
}

/** Asks before a state's task begins. What takes a change back is never asked about: the push was allowed only together with it. */
export async function requireAllowed(
  authority: Authority | undefined,
  ledger: Ledger,
  path: string,
  start: StateStart,
): Promise<DecisionRecord | undefined> {
  const ruling = await authority?.(start, ledger.state)
  if (ruling?.effect !== 'deny') return ruling?.decision
  const { name } = start.state
  await ledger.append({ ...ruling.record, place: path === '' ? name : `${name} in ${path}` })
  throw ruling.error
}
