import { definedMembers } from '../../model/json.ts'
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

type Step = ExecutionView['steps'][number]

/** Nothing before it begins. */
export function flowCard(view: ExecutionView): Html | false {
  const { flow, steps, states } = view
  if (flow === 'steps') {
    if (steps.length === 0) return false
    return html`<section class="card pad"><ol class="steps" aria-label="Steps">${joined(steps).map(stepItem)}</ol></section>`
  }
  if (states.length === 0) return false
  const graph = stateGraph(view)
  const list = html`<ul class="states">${states.map(stateItem)}</ul>`
  return html`<section aria-labelledby="states"><h2 id="states">States</h2><div class="card pad">${
    graph === undefined
      ? list
      : html`<div class="scroll" role="region" tabindex="0" aria-label="Graph of the states">${graph}</div><details class="below"><summary>All states, with those inside</summary>${list}</details>`
  }</div></section>`
}

const LAST: ReadonlySet<string> = new Set(['CheckReady', 'ConfirmAll', 'SaveAll'])

function joined(steps: readonly Step[]) {
  const last = steps.filter(({ state }) => LAST.has(state))
  const [first] = last
  if (first === undefined || last.length < 2) return steps
  const moving = last.find(({ standing }) => standing === 'now' || standing === 'failed' || standing === 'undo')
  const standing = moving?.standing ?? last.at(-1)?.standing ?? first.standing
  const label = moving?.label ?? 'Confirm and save'
  const note = moving?.note
  const one = { state: first.state, label, standing, ...definedMembers({ note }) }
  return steps.flatMap((step) => (step === first ? [one] : LAST.has(step.state) ? [] : [step]))
}

const STEP_WORDS: Readonly<Record<Step['standing'], string>> = {
  done: 'done',
  now: 'under way',
  failed: 'failed',
  ahead: 'not begun',
  skipped: 'not reached',
  undo: 'done',
}

function stepItem({ label, standing, note }: Step) {
  const style = standing === 'ahead' || standing === 'skipped' ? undefined : standing === 'failed' ? 'fail' : standing
  return html`<li ${attributes({ class: style, 'aria-current': standing === 'now' && 'step' })}>${label}<span class="unseen">, ${STEP_WORDS[standing]}</span>${
    note !== undefined && html`<small>${note}</small>`
  }</li>`
}

const STATE_SIGN: Readonly<Record<State['standing'], readonly [shape: string, word: string, style: string]>> = {
  done: ['●', 'done', 'ok'],
  now: ['◐', 'under way', 'run'],
  failed: ['✕', 'failed', 'bad'],
  caught: ['▲', 'failed and handled', 'live'],
  ahead: ['○', 'not begun', 'idle'],
  skipped: ['○', 'not reached', 'idle'],
}

function stateItem({ place, standing, visits }: State) {
  const [shape, word, style] = STATE_SIGN[standing]
  return html`<li ${attributes({ 'aria-current': standing === 'now' && 'step' })}><span ${attributes({ class: `st ${style}` })}><span aria-hidden="true">${shape}</span>${word}</span> ${place}${
    visits > 1 && html` <span class="muted">${visits} times</span>`
  }</li>`
}
