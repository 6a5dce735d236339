import { present } from '../text/present.ts'
import { visible } from '../text/visible.ts'
import type { Graph, GraphEdge, GraphNode } from './graph.ts'

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
