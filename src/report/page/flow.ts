import { definedMembers } from '../../model/defined-members.ts'
import type { ExecutionView } from '../view/execution-view.ts'
import { attributes, type Html, html } from './html.ts'
import { stateGraph } from './state-graph.ts'

type Step = ExecutionView['steps'][number]
type State = ExecutionView['states'][number]

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
  const one: Step = { state: first.state, label, standing, ...definedMembers({ note }) }
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
