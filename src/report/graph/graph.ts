import {
  machinesIn,
  type State,
  type StateMachine,
  type Transition,
  waysOn,
} from '../../change/workflow/machine/machine.ts'
import type { JsonObject } from '../../model/json.ts'
import { present, visible } from '../text/text.ts'

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
    notes: [...workOf(state), ...retriesOf(state)],
    writes: state.kind === 'Task' && state.effect !== 'read',
    inside: machinesIn(state).map((machine, index) => graphOf(machine, titleOf(state, index), `${id}_${index}_`)),
  }
}

function titleOf(state: State, index: number) {
  return state.kind === 'Parallel' ? `${state.name}, branch ${index + 1}` : `${state.name}, for each`
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

export function graphDot(graph: Graph): string {
  return [
    `digraph ${quoted(graph.title)} {`,
    '  compound=true',
    '  node [shape=box, style=rounded]',
    '  begin [shape=point]',
    `  begin -> ${anchor(graph.start, graph.nodes)}${attributes(clusterEnd('lhead', graph.start, graph.nodes))}`,
    ...linesOf(graph).map((line) => `  ${line}`),
    '}',
    '',
  ].join('\n')
}

function linesOf({ nodes, edges }: Graph): readonly string[] {
  return [...nodes.flatMap(nodeLines), ...edges.map((edge) => edgeLine(edge, nodes))]
}

function nodeLines({ id, state, notes, inside, writes }: GraphNode): readonly string[] {
  if (inside.length > 0) {
    const inner = inside.length === 1 ? inside.flatMap(linesOf) : inside.flatMap(branchLines)
    return cluster(id, label(state.name, notes), inner)
  }
  const shape = SHAPES[state.kind]
  return [`${id}${attributes(present(`label=${label(state.name, notes)}`, shape, writes && 'penwidth=3'))}`]
}

const SHAPES: Readonly<Record<string, string>> = {
  Choice: 'shape=diamond, style=solid',
  Wait: 'shape=parallelogram, style=solid',
  Succeed: 'shape=oval, style=solid',
  Fail: 'shape=oval, style=solid',
}

function branchLines(graph: Graph): readonly string[] {
  return cluster(graph.id, quoted(graph.title), linesOf(graph))
}

function cluster(id: string, title: string, inner: readonly string[]) {
  return [`subgraph cluster_${id} {`, `  label=${title}`, ...inner.map((line) => `  ${line}`), '}']
}

function edgeLine({ from, to, label: text, caught }: GraphEdge, nodes: readonly GraphNode[]) {
  const how = present(
    text !== '' && `label=${quoted(text)}`,
    caught && 'style=dashed',
    clusterEnd('ltail', from, nodes),
    clusterEnd('lhead', to, nodes),
  )
  return `${anchor(from, nodes)} -> ${anchor(to, nodes)}${attributes(how)}`
}

function attributes(list: readonly string[]) {
  return list.length === 0 ? '' : ` [${list.join(', ')}]`
}

function anchor(id: string, nodes: readonly GraphNode[]): string {
  const inner = nodes.find((node) => node.id === id)?.inside[0]
  return inner === undefined ? id : anchor(inner.start, inner.nodes)
}

function clusterEnd(side: 'ltail' | 'lhead', id: string, nodes: readonly GraphNode[]) {
  const isCluster = nodes.some((node) => node.id === id && node.inside.length > 0)
  return isCluster ? [`${side}=cluster_${id}`] : []
}

function label(name: string, notes: readonly string[]) {
  return quoted([name, ...notes].join('\n'))
}

function quoted(text: string) {
  return `"${visible(text).replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`
}
