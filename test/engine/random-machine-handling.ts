import type { Catcher, Retrier, State } from '../../src/workflow/machine.ts'
import type { Draw } from './random-machine-draw.ts'
import { at, type JsonataFlow, jsonata, literal } from './random-machine-parts.ts'

/** What the tasks of random machines fail with. */
export const ERRORS = ['E.One', 'E.Two', 'E.Three'] as const

const NAMES = ['E.One', 'E.Two', 'States.Timeout', 'States.TaskFailed', 'States.QueryEvaluationError'] as const

/** One or two retriers. */
export function retriers(draw: Draw): readonly Retrier[] {
  return Array.from({ length: draw.between(1, 2) }, () => {
    const intervalSeconds = draw.between(1, 20)
    return {
      errorEquals: draw.chance(0.4) ? ['States.ALL'] : [draw.pick(ERRORS), draw.pick(NAMES)],
      intervalSeconds,
      maxAttempts: draw.between(0, 3),
      backoffRate: draw.pick([1, 1.5, 2, 3]),
      ...(draw.chance(0.3) ? { maxDelaySeconds: intervalSeconds + draw.between(1, 10) } : {}),
      jitter: draw.chance(0.3) ? 'FULL' : 'NONE',
    }
  })
}

/**
 * Perhaps a catcher, and the state of its own that it goes on to: a Pass that leads to `next`, or a Fail. It assigns what
 * the state with this flow would have assigned.
 */
export function catchersFor(
  { draw, fresh }: { readonly draw: Draw; readonly fresh: () => string },
  flow: JsonataFlow,
  next: string,
): { readonly catch: readonly Catcher[]; readonly states: readonly State[] } {
  if (!draw.chance(0.35)) return { catch: [], states: [] }
  const name = fresh()
  const state: State = draw.chance(0.25)
    ? { kind: 'Fail', name, at, flow: jsonata(), error: literal('E.Handled') }
    : { kind: 'Pass', name, at, next, flow: jsonata({ output: { n: 7 } }) }
  const assigned = Object.keys(flow.assign ?? {}).map((variable) => [variable, 0])
  const handled = jsonata({
    ...(draw.chance(0.5) ? { output: { n: 5, was: '{% $states.errorOutput.Error %}' } } : {}),
    ...(assigned.length === 0 ? {} : { assign: Object.fromEntries(assigned) }),
  })
  const errorEquals = draw.chance(0.6) ? ['States.ALL'] : [draw.pick(ERRORS), draw.pick(NAMES)]
  return { catch: [{ errorEquals, next: name, flow: handled }], states: [state] }
}
