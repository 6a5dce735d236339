import {
  machinesIn,
  type State,
  type StateMachine,
  type Transition,
  waysOn,
} from '../../change/workflow/machine/machine.ts'
import type { JsonObject } from '../../model/json.ts'
import { present } from '../text/present.ts'

export interface GraphNode {
  readonly id: string
  readonly state: State
  readonly notes: readonly string[]
  readonly writes: boolean
  readonly inside: readonly Graph[]
}

export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly label: string
  readonly caught: boolean
}

export interface Graph {
  readonly id: string
  readonly title: string
  readonly start: string
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

/** The drawing of a machine: states in the order of the file, with all ways between them. */
export function graphOf(machine: StateMachine, title: string, id = 's'): Graph {
  const states = Object.values(machine.states)
  const ids = new Map(states.map(({ name }, index) => [name, `${id}${index}`]))
  const idOf = (name: string) => ids.get(name) ?? `${id}x`
  return {
    id,
    title,
    start: idOf(machine.startAt),
    nodes: states.map((state) => nodeOf(state, idOf(state.name))),
    edges: states.flatMap((state) =>
      waysOn(state).map((way) => ({
        from: idOf(state.name),
        to: idOf(way.next),
        label: labelOf(state, way),
        caught: way.by === 'catch',
      })),
    ),
  }
}

function nodeOf(state: State, id: string): GraphNode {
  return {
    id,
    state,
    notes: notesOf(state),
    writes: state.kind === 'Task' && state.effect !== 'read',
    inside: machinesIn(state).map((machine, index) => graphOf(machine, titleOf(state, index), `${id}_${index}_`)),
  }
}

function titleOf(state: State, index: number) {
  return state.kind === 'Parallel' ? `${state.name}, branch ${index + 1}` : `${state.name}, for each`
}

function notesOf(state: State) {
  return [...workOf(state), ...retriesOf(state)]
}

function workOf(state: State) {
  switch (state.kind) {
    case 'Task': {
      const undo = state.undo.by === 'task' ? `undo: ${state.undo.task}` : `undo: ${state.undo.by}`
      return present(
        state.task,
        state.token && 'waits for an answer',
        state.effect !== 'read' && `${state.effect}, ${undo}`,
      )
    }
    case 'Map':
      return [`Map over ${itemsOf(state.items)}`]
    case 'Wait':
      return [`wait ${sourceText(state.seconds ?? state.timestamp)}${state.seconds?.from === 'literal' ? ' s' : ''}`]
    case 'Fail':
      return state.error === undefined ? ['Fail'] : [`Fail ${sourceText(state.error)}`]
    default:
      return [state.kind]
  }
}

function itemsOf(items: Extract<State, { kind: 'Map' }>['items']) {
  return items.from === 'template' || items.from === 'path' || items.from === 'literal' ? sourceText(items) : items.from
}

type AnySource = NonNullable<Extract<State, { kind: 'Wait' }>['seconds']>

function sourceText(source: AnySource | undefined) {
  if (source === undefined) return ''
  const value = source.from === 'path' ? source.path : source.value
  return shortened(typeof value === 'string' ? value : JSON.stringify(value))
}

function retriesOf(state: State) {
  if (!('retry' in state)) return []
  return state.retry.map(({ errorEquals, maxAttempts, intervalSeconds, backoffRate }) => {
    const pause = maxAttempts > 1 ? `${intervalSeconds} s × ${backoffRate}` : `${intervalSeconds} s`
    return `retry ${maxAttempts} on ${errorEquals.join(', ')} (${pause})`
  })
}

function labelOf(state: State, way: Transition) {
  if (!('index' in way)) return way.by === 'default' ? 'else' : ''
  if (way.by === 'catch') return 'catch' in state ? (state.catch[way.index]?.errorEquals.join(', ') ?? '') : ''
  const when = state.kind === 'Choice' ? state.choices[way.index]?.when : undefined
  if (when === undefined) return ''
  const condition = when.language === 'jsonata' ? when.condition : ruleOnly(when.rule)
  return shortened(
    typeof condition === 'string' ? condition.replace(/^\{%\s*|\s*%\}$/g, '') : JSON.stringify(condition),
  )
}

function ruleOnly({ Next: _next, Assign: _assign, Comment: _comment, ...rule }: JsonObject): JsonObject {
  return rule
}

function shortened(text: string) {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 57)}...` : line
}
