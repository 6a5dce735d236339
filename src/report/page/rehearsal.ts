import {
  CELL_ENDS,
  countEnds,
  placeOfCell,
  type Rehearsal,
  type RehearsedCell,
  rehearsalVerdict,
} from '../rehearsal/rehearsal.ts'
import { count, duration } from '../text/text.ts'
import { heads } from './diff.ts'
import { address, badge, html, listed, moment, type PageContent, prose, TOKEN_FIELD } from './html.ts'

const MOST_BAD = 20

export interface RehearsalData {
  readonly now: number
  readonly csrf: string
  readonly plan: string
  readonly mayRehearse: boolean
  readonly found?:
    | {
        readonly at: string
        readonly standing: 'running' | 'done' | 'failed'
        readonly done: number
        readonly of: number
        readonly rehearsal?: Rehearsal
        readonly because?: string
      }
    | undefined
}

export function rehearsalPage({ plan, found, now, mayRehearse, csrf }: RehearsalData): PageContent {
  const body = html`<p class="small"><a href="${address.approval(plan)}">The plan</a></p>
    <div class="head"><div><h1>${headline(found)}</h1><p class="lede">Every kind of fault at every step, on simulated switches. No switch is contacted, and nothing is approved by it.${
      found !== undefined && html` Begun ${moment(found.at, now)}.`
    }</p></div>${
      mayRehearse &&
      found?.standing !== 'running' &&
      html`<form method="post" action="${address.rehearsal(plan)}" class="acts" aria-label="Rehearse">
      <input type="hidden" name="${TOKEN_FIELD}" value="${csrf}"><button class="btn" type="submit">${found === undefined ? 'Rehearse it' : 'Rehearse it again'}</button></form>`
    }</div>
    ${found?.standing === 'running' && html`<p class="card pad"><a class="btn" href="${address.rehearsal(plan)}">Look again</a></p>`}
    ${found?.because !== undefined && html`<p class="notice bad">${prose(found.because)}</p>`}
    ${found?.rehearsal !== undefined && resultOf(found.rehearsal)}`
  return { title: 'Rehearsal', current: 'executions', body }
}

function headline(found: RehearsalData['found']) {
  if (found === undefined) return 'Nobody has rehearsed this plan'
  const { standing, done, of, rehearsal } = found
  if (standing === 'failed') return 'The rehearsal could not be made'
  if (rehearsal === undefined) return of === 0 ? 'The rehearsal begins' : `${done} of ${count(of, 'trial')} made`
  return rehearsalVerdict(rehearsal)
}

function resultOf({ cells, devices, fabric, undisturbed }: Rehearsal) {
  const bad = cells.filter(({ ok }) => !ok)
  const kinds = [...new Set(cells.map(({ says }) => says))]
  return html`${bad.length > 0 && badSection(bad)}
    <section aria-labelledby="tried"><h2 id="tried">What was tried <span class="n">on ${listed(devices, 12)} as in ${fabric}; undisturbed it takes ${duration(undisturbed.seconds)}</span></h2>
    <div class="card"><div class="scroll"><table>${heads('What goes wrong', 'Trials', 'Where the switches ended')}
    <tbody>${kinds.map((kind) =>
      kindRow(
        kind,
        cells.filter(({ says }) => says === kind),
      ),
    )}</tbody></table></div></div></section>`
}

function kindRow(kind: string, cells: readonly RehearsedCell[]) {
  const ends = countEnds(cells)
  const words = CELL_ENDS.flatMap((end) => ((ends.get(end) ?? 0) === 0 ? [] : [`${ends.get(end)} ${END_WORDS[end]}`]))
  const bad = cells.filter(({ ok }) => !ok).length
  return html`<tr><th scope="row">${kind}</th><td>${cells.length}</td><td>${words.join(', ')}${bad > 0 && html` <span class="bad-ink">✕ ${bad} badly</span>`}</td></tr>`
}

const END_WORDS: Readonly<Record<(typeof CELL_ENDS)[number], string>> = {
  BEFORE: 'as before',
  AFTER: 'with the change',
  PART: 'in part, as the workflow allows',
  UNKNOWN: 'unknown',
  'IN BETWEEN': 'in between',
}

function badSection(bad: readonly RehearsedCell[]) {
  return html`<section aria-labelledby="badly"><h2 id="badly">What ended badly</h2><ul class="card list small">${bad
    .slice(0, MOST_BAD)
    .map(
      (cell) =>
        html`<li>${badge({ tone: 'bad', shape: '✕', word: END_WORDS[cell.end] })} <b>${cell.says}</b> ${placeOfCell(cell)}${cell.faults.map(
          (fault) => html`<div class="muted">${fault}</div>`,
        )}</li>`,
    )}${bad.length > MOST_BAD && html`<li>and ${bad.length - MOST_BAD} more: <code>eosflow rehearse</code> tells all of them</li>`}</ul></section>`
}
