import { gathered } from '../../model/map-keys.ts'
import { count } from '../text/count.ts'
import type { ExecutionView } from '../view/execution-view.ts'
import { attributes, type Html, html } from './html.ts'
import { listed, namedSwitches } from './names.ts'

type Row = ExecutionView['checks']['rows'][number]
type Status = Row['cells'][number]['status']

interface Sign {
  readonly shape: string
  readonly word: string
  readonly style: string
}

const SIGNS: ReadonlyMap<Status, Sign> = new Map<Status, Sign>([
  ['fail', { shape: '✕', word: 'not good', style: 'f' }],
  ['error', { shape: '?', word: 'could not be judged', style: 'f' }],
  ['none', { shape: '·', word: 'not judged yet', style: 'w' }],
  ['skip', { shape: '–', word: 'does not apply', style: 'w' }],
  ['pass', { shape: '●', word: 'good', style: 'p' }],
])

/** Every check with the switches on which it is good or not, as it was judged last, those that fail first; nothing before the first round. */
export function checksList({ checks, endedAt }: ExecutionView): Html | false {
  const { columns, rows, round } = checks
  if (rows.length === 0) return false
  const when = endedAt === null ? (round === 0 ? 'now' : `now, round ${round}`) : 'last round of each switch'
  const judged = columns.map((name, index) => ({ name, found: foundBy(rows, index) }))
  const isBad = ({ found }: (typeof judged)[number]) => found.has('fail') || found.has('error')
  const shown = [...judged.filter(isBad), ...judged.filter((one) => !isBad(one))]
  return html`<section aria-labelledby="checks"><h2 id="checks">Checks <span class="n">${when}</span></h2><div class="card"><table class="checks">
    <thead class="unseen"><tr><th scope="col">Check</th><th scope="col">What it says</th></tr></thead>
    <tbody>${shown.map(
      ({ name, found }) => html`<tr><th scope="row">${name}</th><td>${verdicts(found, endedAt !== null)}</td></tr>`,
    )}${neighborsRow(rows)}</tbody></table></div></section>`
}

function foundBy(rows: readonly Row[], index: number): ReadonlyMap<Status, readonly string[]> {
  return gathered(rows.map(({ device, cells }) => [cells[index]?.status ?? 'none', device]))
}

function verdicts(found: ReadonlyMap<Status, readonly string[]>, hasEnded: boolean) {
  return [...SIGNS].flatMap(([status, sign]) => {
    const names = found.get(status) ?? []
    if (names.length === 0) return []
    const said = hasEnded && status === 'none' ? { ...sign, word: 'not judged' } : sign
    if (found.size === 1) return [verdict(said, '')]
    return [verdict(said, ` on ${status === 'fail' || status === 'error' ? listed(names) : namedSwitches(names)}`)]
  })
}

function verdict({ shape, word, style }: Sign, where: string) {
  return html`<div><span ${attributes({ class: style })}><span aria-hidden="true">${shape}</span> ${word}</span>${where}</div>`
}

function neighborsRow(rows: readonly Row[]) {
  const judged = rows.filter(({ beside }) => beside.good + beside.bad > 0)
  if (judged.length === 0) return false
  const sum = (of: 'good' | 'bad') => judged.reduce((total, { beside }) => total + beside[of], 0)
  const failing = judged.filter(({ beside }) => beside.bad > 0).map(({ device }) => device)
  const all = count(sum('good') + sum('bad'), 'check')
  return html`<tr><th scope="row">on neighbours</th><td>${
    failing.length === 0
      ? html`<div><span class="p"><span aria-hidden="true">●</span> good</span>, ${all}</div>`
      : html`<div><span class="f"><span aria-hidden="true">✕</span> not good</span> ${sum('bad')} of ${all}, next to ${listed(failing)}</div>`
  }</td></tr>`
}
