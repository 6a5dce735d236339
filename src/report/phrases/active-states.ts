import { devicesAt } from '../../change/engine/scope-path.ts'
import type { ExecutionState, ScopeState } from '../../change/engine/state.ts'
import { isJsonObject } from '../../model/json.ts'

export type ActiveScope = ScopeState & {
  readonly path: string
  readonly name: string
  readonly task: string
  readonly devices: readonly string[]
}

/** How long the verification of a switch may take and must stay good, in seconds: by the plan, longer for a canary. */
export type TermsOf = (device: string) => { readonly within: number; readonly stableFor: number }

/** Everything that is under way in an execution at once, Maps and Parallels with something in them aside. */
export function activeStates(execution: ExecutionState): readonly ActiveScope[] {
  return [...execution.scopes].flatMap(([path, scope]) => activeIn(execution, path, scope))
}

function activeIn(execution: ExecutionState, path: string, scope: ScopeState): readonly ActiveScope[] {
  const { state, phase, result, children, machine } = scope
  const kind = state === undefined ? undefined : machine.states[state]
  if (state === undefined || kind === undefined || result !== 'open' || children !== undefined) return []
  if (phase !== 'started' && phase !== 'waiting' && phase !== 'backoff') return []
  return [
    {
      ...scope,
      path,
      name: state,
      task: kind.kind === 'Task' ? kind.task : kind.kind.toLowerCase(),
      devices: devicesAt(execution, path),
    },
  ]
}

// Which of several tasks at once is named: what waits longest goes before what is soon over.
const RANK: readonly string[] = ['push', 'verify']

export function foremost(active: readonly ActiveScope[]): readonly ActiveScope[] {
  const [first] = active.toSorted((a, b) => RANK.indexOf(b.task) - RANK.indexOf(a.task))
  return first === undefined ? [] : active.filter(({ task, name }) => task === first.task && name === first.name)
}

export function termsAmong(
  active: readonly ActiveScope[],
  terms: TermsOf | undefined,
): { readonly within: number | undefined; readonly stableFor: number | undefined } {
  const devices = active.flatMap((one) => one.devices)
  const longest = (key: 'within' | 'stableFor') =>
    terms === undefined || devices.length === 0 ? undefined : Math.max(...devices.map((device) => terms(device)[key]))
  const of = (key: 'within' | 'stableFor') => numberIn(active[0], key) ?? longest(key)
  return { within: of('within'), stableFor: of('stableFor') }
}

function numberIn(scope: ActiveScope | undefined, key: string) {
  const given = scope?.arguments
  if (!isJsonObject(given)) return undefined
  const value = given[key]
  return typeof value === 'number' ? value : undefined
}
