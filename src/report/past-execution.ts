import type { Effect } from '../change/engine/effect.ts'
import { errorOutput } from '../change/engine/fault.ts'
import { scopeAt } from '../change/engine/fold-scope.ts'
import { deviceEnds, errorOf } from '../change/engine/outcome.ts'
import type { ExecutionState, ScopeState } from '../change/engine/state.ts'
import { unreachable } from '../model/error.ts'
import type { JsonObject } from '../model/json.ts'
import { natural } from '../model/natural-order.ts'
import { brief, placeOf } from './event-words/phrase.ts'
import { eventWords } from './event-words/table.ts'
import { waitingFor } from './phrases/waiting-for.ts'
import { count, short, switches } from './text/count.ts'
import { type Style, visibleLine } from './text/visible.ts'

export interface PastExecution {
  readonly execution: ExecutionState
  readonly at: string
  readonly next: readonly Effect[]
}

interface ScopeStanding {
  readonly path: string
  readonly state: string | null
  readonly kind: string | null
  readonly phase: ScopeState['phase']
  readonly result: ScopeState['result']
  readonly attempt: number
  readonly since: string | null
  readonly variables: JsonObject
  readonly spent?: readonly number[]
  readonly until?: string
  readonly deadline?: string
  readonly items?: { readonly count: number; readonly begun: number; readonly ended: number; readonly failed: number }
  readonly error?: JsonObject
}

/** A past state of an execution as `show --at --json` prints it, version 1. */
export function pastExecutionJson(standing: PastExecution): string {
  const { execution, at } = standing
  return JSON.stringify({
    version: 1,
    kind: 'standing',
    id: execution.id,
    workflow: execution.workflow,
    seq: execution.seq,
    at,
    status: execution.status,
    outcome: execution.outcome ?? null,
    error: errorOf(execution) ?? null,
    scopes: scopesOf(execution),
    devices: devicesOf(execution),
    waitingFor: waitingFor(execution),
    next: stepsOf(standing),
  })
}

export function pastExecutionText(standing: PastExecution, style: Style): string {
  const { execution, at } = standing
  const scopes = scopesOf(execution)
  const devices = devicesOf(execution)
  const steps = stepsOf(standing)
  const deviceWidth = Math.max(6, ...devices.map(({ name }) => name.length))
  const pathWidth = Math.max(5, ...scopes.map(({ path }) => path.length))
  const stateWidth = Math.max(5, ...scopes.map(({ state }) => (state ?? '-').length))
  return [
    style.bold(`${execution.id} at record ${execution.seq}, ${at}: ${execution.outcome ?? execution.status}`),
    '',
    `${'scope'.padEnd(pathWidth)}  ${'state'.padEnd(stateWidth)}  phase      result   attempt  since`,
    ...scopes.map((scope) =>
      visibleLine(
        `${(scope.path === '' ? '(root)' : scope.path).padEnd(pathWidth)}  ${(scope.state ?? '-').padEnd(stateWidth)}  ${scope.phase.padEnd(9)}  ${scope.result.padEnd(7)}  ${String(scope.attempt).padEnd(7)}  ${scope.since ?? '-'}${more(scope)}`,
      ),
    ),
    '',
    `${'device'.padEnd(deviceWidth)}  phase       reached  end`,
    ...devices.map(
      ({ name, phase, reached, end }) =>
        `${name.padEnd(deviceWidth)}  ${phase.padEnd(10)}  ${reached.padEnd(7)}  ${end}`,
    ),
    '',
    ...(steps.length === 0
      ? [execution.status === 'ended' ? 'It has ended.' : 'It waits for somebody: nothing happens by itself.']
      : ['What would happen next:', ...steps.map(({ says }) => visibleLine(`  ${says}`))]),
    '',
    `${count(scopes.length, 'scope')}, ${switches(devices.length)}, ${count(steps.length, 'next step')}`,
  ].join('\n')
}

function more({ variables, until, deadline, items, spent, error }: ScopeStanding) {
  const parts = [
    ...(items === undefined ? [] : [`${items.ended} of ${items.count} done, ${items.failed} failed`]),
    ...(until === undefined ? [] : [`until ${until}`]),
    ...(deadline === undefined ? [] : [`time is over at ${deadline}`]),
    ...(spent === undefined ? [] : [`retries ${spent.join('+')}`]),
    ...(error === undefined ? [] : [brief(error)]),
    ...(Object.keys(variables).length === 0 ? [] : [brief(variables)]),
  ]
  return parts.length === 0 ? '' : `  ${parts.join(' · ')}`
}

function scopesOf({ scopes }: ExecutionState): readonly ScopeStanding[] {
  // `Map[10]` comes behind `Map[9]`.
  return [...scopes].toSorted(([a], [b]) => natural(a, b)).map(([path, scope]) => scopeStanding(path, scope))
}

function scopeStanding(path: string, scope: ScopeState): ScopeStanding {
  const { state, phase, result, attempt, enteredAt, variables, spent, until, deadline, children, error } = scope
  return {
    path,
    state: state ?? null,
    kind: scope.machine.states[state ?? '']?.kind ?? null,
    phase,
    result,
    attempt,
    since: enteredAt === 0 ? null : new Date(enteredAt).toISOString(),
    variables,
    ...(spent.some((n) => n > 0) ? { spent } : {}),
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
    // Before its beginning an attempt has a limit, not yet a deadline.
    ...(deadline === undefined || phase === 'scheduled' ? {} : { deadline: new Date(deadline).toISOString() }),
    ...(children === undefined || phase !== 'started' ? {} : { items: itemsOf(children) }),
    ...(error === undefined ? {} : { error: errorOutput(error) }),
  }
}

function itemsOf({
  inputs,
  begun,
  ended,
  failed,
}: NonNullable<ScopeState['children']>): ScopeStanding['items'] & object {
  return { count: inputs.length, begun, ended, failed }
}

function devicesOf(execution: ExecutionState) {
  return Object.entries(deviceEnds(execution)).map(([name, end]) => {
    const { phase, reached } = execution.devices.get(name) ?? { phase: 'untouched', reached: 'nothing' }
    return { name, phase, reached, end }
  })
}

function stepsOf({ execution, next }: PastExecution): readonly EffectDescription[] {
  return next.map((effect) => stepOf(execution, effect))
}

interface EffectDescription {
  readonly effect: Effect['effect']
  readonly path?: string
  readonly state?: string
  readonly devices?: readonly string[]
  readonly until?: string
  readonly says: string
}

function stepOf(execution: ExecutionState, effect: Effect): EffectDescription {
  const at = (path: string) => ({ path, state: scopeAt(execution, path).state ?? '' })
  switch (effect.effect) {
    case 'record':
    case 'end': {
      const { event } = effect
      const place = 'path' in event ? { path: event.path, state: event.state } : {}
      return { effect: effect.effect, ...place, says: `${event.type}: ${eventWords(event)}` }
    }
    case 'enter': {
      const { path, state } = effect
      return { effect: 'record', path, state, says: `StateEntered: ${placeOf({ path, state })}` }
    }
    case 'evaluate': {
      const place = at(effect.path)
      return { effect: 'evaluate', ...place, says: `${EVALUATES[effect.step]} ${placeOf(place)}` }
    }
    case 'task': {
      const { devices, begun, attempt, path, state } = effect
      const place = { path, state: state.name }
      const how = begun ? 'begun and not known to be done: ' : ''
      const on = devices.length > 3 ? switches(devices.length) : devices.join(' ')
      const says = `${how}task ${state.task} of ${placeOf(place)} on ${on}, attempt ${attempt}`
      return { effect: 'task', ...place, devices, says }
    }
    case 'wake': {
      const place = at(effect.path)
      const until = new Date(effect.until).toISOString()
      return { effect: 'wake', ...place, until, says: `${placeOf(place)} is looked at again at ${until}` }
    }
    case 'listen': {
      const place = at(effect.path)
      const says = `${placeOf(place)} waits for an answer, token ${short(effect.digest)}`
      return { effect: 'listen', ...place, says }
    }
    case 'undo':
      return { effect: 'undo', devices: [effect.device], says: `${effect.device} is put back` }
    case 'network':
      return { effect: 'network', devices: [effect.device], says: `the network of ${effect.device} is read` }
    case 'around':
      return { effect: 'around', devices: [], says: 'other services hear how the change ended' }
    case 'probes':
      return { effect: 'probes', devices: [], says: 'what was measured of the probes is put on record' }
    case 'takeBack': {
      const { path, state, arguments: given } = effect.write
      const says = `what ${placeOf({ path, state })} did with ${brief(given)} is undone`
      return { effect: 'takeBack', path, state, says }
    }
    default:
      return unreachable(effect)
  }
}

const EVALUATES = {
  begin: 'begins',
  finish: 'is done: the output of',
  catch: 'its error is handled:',
  retry: 'is tried again:',
} as const
