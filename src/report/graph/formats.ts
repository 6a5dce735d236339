import { present, visible } from '../text/text.ts'
import { type Graph, type GraphEdge, type GraphNode, graphDot } from './graph.ts'

/** The graph of a machine, by the format that `--graph` names. */
export const graphAs = { mermaid: graphMermaid, dot: graphDot } as const

function graphMermaid(graph: Graph) {
  const writes = writing(graph)
  return present(
    'flowchart TD',
    `  begin(( )) --> ${graph.start}`,
    linesOf(graph).map((line) => `  ${line}`),
    '  classDef write stroke-width:3px,font-weight:bold',
    writes.length > 0 && `  class ${writes.join(',')} write`,
    '',
  ).join('\n')
}

function linesOf({ nodes, edges }: Graph): readonly string[] {
  return [...nodes.flatMap(nodeLines), ...edges.map(edgeLine)]
}

function nodeLines(node: GraphNode): readonly string[] {
  const { id, inside, state, notes } = node
  if (inside.length === 0) return [`${id}${shaped(node)}`]
  const inner = inside.length === 1 ? inside.flatMap(linesOf) : inside.flatMap(branchLines)
  return [`subgraph ${id}["${label(state.name, notes)}"]`, ...inner.map((line) => `  ${line}`), 'end']
}

function branchLines(graph: Graph): readonly string[] {
  return [`subgraph ${graph.id}["${escaped(graph.title)}"]`, ...linesOf(graph).map((line) => `  ${line}`), 'end']
}

function shaped({ state, notes }: GraphNode) {
  const text = `"${label(state.name, notes)}"`
  if (state.kind === 'Choice') return `{${text}}`
  if (state.kind === 'Succeed' || state.kind === 'Fail') return `([${text}])`
  return state.kind === 'Wait' ? `[/${text}/]` : `[${text}]`
}

function edgeLine({ from, to, label: text, caught }: GraphEdge) {
  const arrow = caught ? '-.->' : '-->'
  return text === '' ? `${from} ${arrow} ${to}` : `${from} ${arrow}|"${escaped(text)}"| ${to}`
}

function label(name: string, notes: readonly string[]) {
  return [name, ...notes].map(escaped).join('<br/>')
}

function escaped(text: string) {
  return visible(text).replace(/[^\p{L}\p{N} .,:/()+=_×-]/gu, (character) => `#${character.codePointAt(0)};`)
}

function writing({ nodes }: Graph): readonly string[] {
  return nodes.flatMap(({ id, writes, inside }) => present(writes && id, inside.flatMap(writing)))
}
