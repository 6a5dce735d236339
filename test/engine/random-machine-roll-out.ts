import type { MapState, State, StateMachine, TaskState } from '../../src/workflow/machine.ts'
import type { Draw } from './random-machine-draw.ts'
import { catchersFor, retriers } from './random-machine-handling.ts'
import { at, jsonata, literal } from './random-machine-parts.ts'

/**
 * The states that change switches: a plan, wave by wave a push and a verification of each switch, and a confirm of all, of
 * a wave or of each switch by itself. A failing switch is tolerated, caught or neither.
 */
export function rollOut(draw: Draw, fresh: () => string): readonly State[] {
  const [plan, waves, confirmAll] = [fresh(), fresh(), fresh()]
  const atomic = draw.pick(['change', 'change', 'wave', 'device'])
  const extra = draw.chance(0.4) ? [undoable(fresh())] : []
  const push: TaskState = { ...task(fresh(), 'push'), effect: 'write', undo: { by: 'rollback' } }
  const verify: TaskState = { ...task(fresh(), 'verify'), retry: draw.chance(0.5) ? retriers(draw) : [] }
  const confirm: TaskState = { ...task(fresh(), 'confirm'), effect: 'write', undo: { by: 'rollback' } }
  const ordered = draw.chance(0.5) ? [...extra, push, verify] : [push, verify, ...extra]
  const body = chained(atomic === 'device' ? [...ordered, confirm] : ordered)
  const tolerant = draw.chance(0.4) ? { toleratedFailureCount: toleranceOf(draw) } : {}
  const each: MapState = {
    ...over(fresh(), 'wave', body, draw.between(0, 2)),
    ...tolerant,
    ...settling(atomic === 'device'),
  }
  const ofWave = atomic === 'wave' ? [each, over(fresh(), 'wave', chained([confirm]), draw.between(0, 2))] : [each]
  const handling = catchersFor({ draw, fresh }, jsonata(), confirmAll)
  const last: State =
    atomic === 'change'
      ? over(confirmAll, 'targets', chained([confirm]), draw.between(0, 2))
      : { kind: 'Pass', name: confirmAll, at, flow: jsonata() }
  return [
    { ...task(plan, 'plan'), effect: 'write', next: waves },
    {
      ...over(waves, 'waves', chained(ofWave), 1),
      ...settling(atomic === 'wave'),
      next: confirmAll,
      catch: handling.catch,
    },
    ...handling.states,
    last,
  ]
}

function settling(does: boolean): { readonly settles?: true } {
  return does ? { settles: true } : {}
}

/** So many failures of a wave, or of the whole rollout. */
function toleranceOf(draw: Draw): NonNullable<MapState['toleratedFailureCount']> {
  const failures = draw.between(1, 2)
  return draw.chance(0.5) ? literal(failures) : { from: 'budget', failures }
}

function over(name: string, from: 'waves' | 'wave' | 'targets', iterator: StateMachine, most: number): MapState {
  return {
    kind: 'Map',
    name,
    at,
    flow: jsonata(),
    items: { from },
    maxConcurrency: literal(most),
    iterator,
    retry: [],
    catch: [],
  }
}

function task(name: string, called: string): TaskState {
  return {
    kind: 'Task',
    name,
    at,
    flow: jsonata({ arguments: {} }),
    task: called,
    scope: 'task.push',
    effect: 'read',
    undo: { by: 'none' },
    token: false,
    retry: [],
    catch: [],
  }
}

function undoable(name: string): TaskState {
  return {
    ...task(name, 'fake.write'),
    flow: jsonata({ arguments: { n: 1, at: [] } }),
    effect: 'write',
    undo: { by: 'task', task: 'fake.undo', arguments: {} },
  }
}

function chained(states: readonly (TaskState | MapState)[]): StateMachine {
  const linked = states.map((state, index) => {
    const next = states[index + 1]?.name
    return next === undefined ? state : { ...state, next }
  })
  return {
    version: 3,
    startAt: linked[0]?.name ?? '',
    states: Object.fromEntries(linked.map((state) => [state.name, state])),
  }
}
