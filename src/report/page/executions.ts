import { alike, chip, choiceField, empty, nameField, searchedCard, takeOneAway, textField } from './diff.ts'
import { address, attributes, html, type PageContent, STANDING_WORDS, withQuery } from './html.ts'
import { type ExecutionItem, executionTable } from './switches.ts'

interface ExecutionFilter {
  readonly state?: string | undefined
  readonly workflow?: string | undefined
  readonly switch?: string | undefined
  readonly by?: string | undefined
}

// One page of the list of executions, newest first.
interface ExecutionList {
  readonly now: number
  readonly filter: ExecutionFilter
  readonly items: readonly ExecutionItem[]
  readonly workflows: readonly string[]
  readonly switches: readonly string[]
  readonly next?: string | undefined
  // Back to when as many were looked at as one page may cost, ISO 8601; absent where the page is full, or at the end.
  readonly searchedTo?: string | undefined
  readonly isLater: boolean
}

export function executionsPage(data: ExecutionList): PageContent {
  const { items, filter, next, isLater, now, searchedTo } = data
  const isFiltered = Object.values(filter).some((value) => value !== undefined && value !== '')
  const body = html`<div class="head"><div><h1>Executions</h1><p class="lede">Everything that was planned or changed, the newest first.</p></div>
    <div class="acts"><a ${attributes({ class: isFiltered || items.length > 0 ? 'btn' : 'btn pri', href: address.workflows })}>Plan a change</a></div></div>
    ${filterForm(data)}
    ${items.length === 0 ? (searchedTo === undefined ? none(isFiltered ? filter : undefined, isLater) : undefined) : html`<div class="card">${executionTable(items, now, { byDay: true })}</div>`}
    ${searchedTo !== undefined && searchedCard('execution', searchedTo, now, withQuery(address.executions, { ...filter, after: next }))}
    ${((next !== undefined && searchedTo === undefined) || isLater) && paging(filter, searchedTo === undefined ? next : undefined, isLater)}`
  return { title: 'Executions', current: 'executions', body }
}

const CHIPS: readonly (readonly [state: string | undefined, word: string])[] = [
  [undefined, 'All'],
  ['open', 'Not ended'],
  ['succeeded', 'Succeeded'],
  ['rolled-back', 'Rolled back'],
  ['failed', 'Failed'],
  ['unknown', 'Unknown'],
]

function filterForm({ filter, workflows, switches }: ExecutionList) {
  const asked = (name: keyof ExecutionFilter, label: string) => ({ id: `f-${name}`, name, label, value: filter[name] })
  const words = STANDING_WORDS.filter(([standing]) => standing !== 'open')
  const isMore = [filter.workflow, filter.switch, filter.by].some((value) => value !== undefined)
  const isOther = filter.state !== undefined && !CHIPS.some(([state]) => state === filter.state)
  return html`<div class="chips" role="group" aria-label="States">${CHIPS.map(([state, word]) =>
    chip(withQuery(address.executions, { ...filter, state }), filter.state === state, word),
  )}</div>
    <details class="more-filters" ${attributes({ open: isMore || isOther })}><summary>More filters</summary>
    <form method="get" action="${address.executions}" class="filter" role="search" aria-label="Which executions">
    ${choiceField(asked('state', 'State'), [['', 'any'], ['open', 'not ended'], ...words])}
    ${choiceField(asked('workflow', 'Workflow'), [['', 'any'], ...workflows.map(alike)])}
    ${nameField(asked('switch', 'Switch'), switches, 'any')}
    ${textField(asked('by', 'Begun by'))}
    <button class="btn" type="submit">Filter</button>
    </form></details>`
}

const NAMES = [
  ['state', 'state'],
  ['workflow', 'workflow'],
  ['switch', 'switch'],
  ['by', 'begun by'],
] as const

function none(filter: ExecutionFilter | undefined, isLater: boolean) {
  if (filter === undefined)
    return empty(html`Nothing was planned or changed yet. <a href="${address.workflows}">Plan your first change</a>`)
  const given = NAMES.filter(([name]) => (filter[name] ?? '') !== '')
  const all = given.length > 1 && html`<a class="btn sm" href="${address.executions}">Show all</a>`
  return takeOneAway(`${isLater ? 'earlier ' : ''}execution`, address.executions, filter, given, all)
}

function paging(filter: ExecutionFilter, next: string | undefined, isLater: boolean) {
  return html`<nav class="paging" aria-label="Pages of the list">
    ${isLater && html`<a class="btn" href="${withQuery(address.executions, { ...filter })}">Newest</a>`}
    ${next !== undefined && html`<a class="btn sp" rel="next" href="${withQuery(address.executions, { ...filter, after: next })}">Older</a>`}
    </nav>`
}
