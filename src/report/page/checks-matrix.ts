import { switches } from '../count.ts'
import type { ExecutionView } from '../view/execution-view.ts'
import { type Html, html } from './html.ts'

type Row = ExecutionView['checks']['rows'][number]
type Status = Row['cells'][number]['status']

/** What a check said: a shape, the word for it, and the class of its colour. */
const SIGN: Readonly<Record<Status, readonly [shape: string, word: string, style: string]>> = {
  pass: ['●', 'good', 'p'],
  fail: ['✕', 'not good', 'f'],
  error: ['?', 'could not be judged', 'f'],
  skip: ['–', 'does not apply', 'w'],
  none: ['·', 'not judged yet', 'w'],
}

/** With more switches than these, those of which the checks say the same are counted. */
const MOST_ROWS = 24

/** Every check on every switch, as it was judged last; nothing before the first round. */
export function checksMatrix({ checks, endedAt }: ExecutionView): Html | false {
  const { columns, rows, round } = checks
  if (rows.length === 0) return false
  const when = endedAt === null ? (round === 0 ? 'now' : `now, round ${round}`) : 'last round of each switch'
  const shown = rows.length <= MOST_ROWS ? rows : alike(rows)
  const hasBeside = rows.some(({ beside }) => beside.good + beside.bad > 0)
  return html`<section aria-labelledby="checks"><h2 id="checks">Checks <span class="n">${when}</span></h2><div class="card scroll" role="region" tabindex="0" aria-label="Checks by switch"><table class="m">
    <thead><tr><th scope="col">Switch</th>${columns.map((name) => html`<th scope="col">${name}</th>`)}${hasBeside && html`<th scope="col">beside it</th>`}</tr></thead>
    <tbody>${shown.map((row) => matrixRow(row, hasBeside))}</tbody></table></div></section>`
}

/** One row for all switches of which every check says the same: those that are not good first, those not judged yet last. */
function alike(rows: readonly Row[]): readonly Row[] {
  const groups = new Map<string, readonly Row[]>()
  for (const row of rows) {
    const key = [row.cells.map(({ status }) => status).join(' '), row.beside.bad > 0].join()
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group
      if (first === undefined) return []
      const sum = (of: 'good' | 'bad'): number => group.reduce((total, { beside }) => total + beside[of], 0)
      const beside = { good: sum('good'), bad: sum('bad') }
      return [{ ...first, device: group.length === 1 ? first.device : switches(group.length), beside }]
    })
    .toSorted((a, b) => rank(a) - rank(b))
}

function rank({ cells, beside }: Row): number {
  if (beside.bad > 0 || cells.some(({ status }) => status === 'fail' || status === 'error')) return 0
  return cells.every(({ status }) => status === 'none') ? 2 : 1
}

function matrixRow({ device, cells, beside }: Row, hasBeside: boolean): Html {
  return html`<tr><th scope="row">${device}</th>${cells.map(({ status }) => cell(status))}${hasBeside && besideCell(beside)}</tr>`
}

function cell(status: Status): Html {
  const [shape, word, style] = SIGN[status]
  return html`<td class="${style}"><span role="img" aria-label="${word}">${shape}</span></td>`
}

/** The checks on the neighbours of a switch, counted. */
function besideCell({ good, bad }: Row['beside']): Html {
  const all = good + bad
  if (all === 0) return cell('none')
  const [shape, word, style] = bad > 0 ? SIGN.fail : SIGN.pass
  return html`<td class="${style}"><span role="img" aria-label="${word}">${shape}</span> ${bad > 0 ? `${bad} of ${all}` : all}</td>`
}
