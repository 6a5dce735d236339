import { cutText } from '../phrases/spoken.ts'
import type { ExecutionView } from '../view/execution-view.ts'
import { attributes, type Html, html } from './html.ts'

type State = ExecutionView['states'][number]
type Way = ExecutionView['ways'][number]

export const MOST_STATES = 200

const [WIDTH, HEIGHT, GAP, DOWN] = [190, 34, 18, 30] as const
const MARGIN = 46

interface Placed {
  readonly state: State
  readonly x: number
  readonly y: number
}

const SHAPE: Readonly<Record<State['standing'], string>> = {
  done: '●',
  now: '◐',
  failed: '✕',
  caught: '▲',
  ahead: '○',
  skipped: '○',
}

export function stateGraph({ states, ways }: Pick<ExecutionView, 'states' | 'ways'>): Html | undefined {
  const shown = states.filter(({ place, state }) => place === state)
  if (shown.length === 0 || shown.length > MOST_STATES) return undefined
  const layers = layersOf(shown, ways)
  const widest = Math.max(...layers.map((layer) => layer.length))
  const width = 2 * MARGIN + widest * (WIDTH + GAP) - GAP
  const places = new Map<string, Placed>()
  layers.forEach((layer, row) => {
    const left = (width - layer.length * (WIDTH + GAP) + GAP) / 2
    layer.forEach((state, column) => {
      places.set(state.state, { state, x: left + column * (WIDTH + GAP), y: 2 + row * (HEIGHT + DOWN) })
    })
  })
  const height = layers.length * (HEIGHT + DOWN) - DOWN + 4
  return html`<svg class="graph" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="The states and the ways between them; the list below says the same">
    <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>
    ${ways.map((way) => wayPath(way, places))}${[...places.values()].map(box)}</svg>`
}

function layersOf(states: readonly State[], ways: readonly Way[]): readonly (readonly State[])[] {
  const behind = new Map(states.map(({ state }) => [state, ways.filter(({ from }) => from === state)]))
  const order: string[] = []
  const seen = new Set<string>()
  const visit = (name: string) => {
    if (seen.has(name)) return
    seen.add(name)
    for (const { to } of behind.get(name) ?? []) visit(to)
    order.unshift(name)
  }
  for (const { state } of states) visit(state)
  // What the first state leads to comes behind it, whatever else leads there.
  const at = new Map(order.map((name, index) => [name, index]))
  const rank = new Map<string, number>()
  for (const name of order) {
    const own = rank.get(name) ?? 0
    rank.set(name, own)
    for (const { to } of behind.get(name) ?? []) {
      if ((at.get(to) ?? 0) > (at.get(name) ?? 0)) rank.set(to, Math.max(rank.get(to) ?? 0, own + 1))
    }
  }
  const layers: State[][] = []
  for (const state of states) {
    const layer = rank.get(state.state) ?? 0
    layers[layer] = [...(layers[layer] ?? []), state]
  }
  return layers.filter((layer) => layer !== undefined)
}

function box({ state: { state, standing, visits }, x, y }: Placed) {
  const times = visits > 1 ? ` ×${visits}` : ''
  return html`<g><title>${state}${times}</title><rect ${attributes({ class: `node ${standing}`, x, y, width: WIDTH, height: HEIGHT, rx: 8 })}/><text ${attributes({ class: `node-word ${standing}`, x: x + 12, y: y + 22 })}>${SHAPE[standing]} ${cutText(state, 20)}${times}</text></g>`
}

function wayPath({ from, to, label, isCaught }: Way, places: ReadonlyMap<string, Placed>) {
  const [start, end] = [places.get(from), places.get(to)]
  if (start === undefined || end === undefined) return false
  const isNext = end.y - start.y === HEIGHT + DOWN
  const d = isNext ? down(start, end) : around(start, end)
  return html`<path ${attributes({ class: isCaught ? 'way caught' : 'way', d, 'marker-end': 'url(#arrow)' })}><title>${from} to ${to}${label !== '' && html`: ${label}`}</title></path>`
}

function down(start: Placed, end: Placed) {
  const [x1, y1, x2, y2] = [start.x + WIDTH / 2, start.y + HEIGHT, end.x + WIDTH / 2, end.y - 1]
  return `M${x1} ${y1}C${x1} ${y1 + DOWN / 2} ${x2} ${y2 - DOWN / 2} ${x2} ${y2}`
}

function around(start: Placed, end: Placed) {
  const [y1, y2] = [start.y + HEIGHT / 2, end.y + HEIGHT / 2]
  if (end.y > start.y) {
    const [x1, x2] = [start.x + WIDTH, end.x + WIDTH + 1]
    const side = Math.max(x1, x2) + MARGIN - 8
    return `M${x1} ${y1}C${side} ${y1} ${side} ${y2} ${x2} ${y2}`
  }
  const [x1, x2] = [start.x, end.x - 1]
  const side = Math.min(x1, x2) - MARGIN + 8
  return `M${x1} ${y1}C${side} ${y1} ${side} ${y2} ${x2} ${y2}`
}
