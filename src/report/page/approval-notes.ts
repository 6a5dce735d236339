import type { ShownPlan } from '../../change/plan/plan.ts'
import { planStatements } from '../plan/plan-statements.ts'
import { address } from './address.ts'
import { attributes, type Html, html } from './html.ts'
import { prose } from './prose.ts'
import { moment } from './time-words.ts'

export interface Note {
  readonly kind: 'good' | 'note' | 'open' | 'fact'
  readonly text: string
}

// So many risks are told at once.
const MOST_RISKS = 12

const KINDS: readonly Note['kind'][] = ['note', 'open', 'fact', 'good']

const IN_HEAD: ReadonlySet<string> = new Set(['timers', 'approval'])

/** All that an approver must know besides the change: the risks of the plan first, each once. */
export function beforeSection(
  plan: ShownPlan,
  {
    now,
    notes,
    isOpen,
    hasRehearsal,
  }: {
    readonly now: number
    readonly notes: readonly Note[]
    readonly isOpen: boolean
    readonly hasRehearsal: boolean
  },
): Html {
  const risks = once(planStatements(plan).risks.map(({ words }) => words))
  const left = risks.length - MOST_RISKS
  const shown = left > 1 ? risks.slice(0, MOST_RISKS) : risks
  const others = notes.filter(({ text }) => !risks.includes(text))
  const sorted = KINDS.flatMap((kind) => others.filter((note) => note.kind === kind))
  return html`<section aria-labelledby="before"><h2 id="before">${isOpen ? 'Before you decide' : 'What is known of it'}</h2><div class="card pad"><ul class="notes">${shown.map(
    (text) => item('note', prose(text)),
  )}${
    left > 1 &&
    item('note', html`<b>${left} more risks</b>: read them with <code>eosflow show</code> before you decide`)
  }${sorted.map(({ kind, text }) => item(kind, prose(text)))}${readItem(plan, now)}</ul>${
    hasRehearsal && html`<p class="small"><a href="${address.rehearsal(plan.digest)}">Its rehearsal</a></p>`
  }</div></section>`
}

export function factsSection(plan: ShownPlan): Html | false {
  const facts = once(
    planStatements(plan)
      .facts.filter(({ code }) => !IN_HEAD.has(code))
      .map(({ words }) => words),
  )
  return (
    facts.length > 0 &&
    html`<section aria-labelledby="rollout"><h2 id="rollout">How it is rolled out</h2><ul class="card list small">${facts.map(
      (one) => html`<li class="break">${prose(one)}</li>`,
    )}</ul></section>`
  )
}

function once(texts: readonly string[]) {
  return [...new Set(texts)]
}

function readItem({ content, evidence }: ShownPlan, now: number) {
  const at = moment(evidence.createdAt, now)
  return content.offline
    ? item('fact', html`Computed ${at}; each switch is read again before it is changed`)
    : item(
        'good',
        html`Read from the switches at ${at}; read again before the first line is sent, and refused if anything differs`,
      )
}

function item(kind: Note['kind'], words: Html) {
  return html`<li ${attributes({ class: kind })}>${words}</li>`
}
