import { type ExecutionItem, executionTable } from './execution-item.ts'
import { address, attributes, choice, field, html, type PageContent, STANDING_WORDS, withQuery } from './html.ts'
import { searchedCard } from './searched.ts'

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
  const select = (name: keyof ExecutionFilter, label: string, options: readonly (readonly [string, string])[]) =>
    field({ id: `f-${name}`, label, control: () => choice({ id: `f-${name}`, name, chosen: filter[name] }, options) })
  const text = (name: keyof ExecutionFilter, label: string) =>
    field({
      id: `f-${name}`,
      label,
      control: () =>
        html`<input ${attributes({ id: `f-${name}`, name, type: 'text', value: filter[name] ?? '', autocomplete: 'off', spellcheck: 'false' })}>`,
    })
  const words = STANDING_WORDS.filter(([standing]) => standing !== 'open')
  const isMore = [filter.workflow, filter.switch, filter.by].some((value) => value !== undefined)
  const isOther = filter.state !== undefined && !CHIPS.some(([state]) => state === filter.state)
  return html`<div class="chips" role="group" aria-label="States">${CHIPS.map(
    ([state, word]) =>
      html`<a ${attributes({ href: withQuery(address.executions, { ...filter, state }), 'aria-current': filter.state === state && 'true' })}>${word}</a>`,
  )}</div>
    <details class="more-filters" ${attributes({ open: isMore || isOther })}><summary>More filters</summary>
    <form method="get" action="${address.executions}" class="filter" role="search" aria-label="Which executions">
    ${select('state', 'State', [['', 'any'], ['open', 'not ended'], ...words])}
    ${select('workflow', 'Workflow', [['', 'any'], ...workflows.map((name) => [name, name] as const)])}
    ${switches.length > FEW ? text('switch', 'Switch') : select('switch', 'Switch', [['', 'any'], ...switches.map((name) => [name, name] as const)])}
    ${text('by', 'Begun by')}
    <button class="btn" type="submit">Filter</button>
    </form></details>`
}

const FEW = 40

const NAMES: Readonly<Record<keyof ExecutionFilter, string>> = {
  state: 'state',
  workflow: 'workflow',
  switch: 'switch',
  by: 'begun by',
}

function none(filter: ExecutionFilter | undefined, isLater: boolean) {
  if (filter === undefined)
    return html`<div class="card pad empty"><p>Nothing was planned or changed yet. <a href="${address.workflows}">Plan your first change</a></p></div>`
  const given = (Object.keys(NAMES) as readonly (keyof ExecutionFilter)[]).filter((name) => (filter[name] ?? '') !== '')
  return html`<div class="card pad empty"><p>No ${isLater && 'earlier '}execution has all of this. Take one away:</p><div class="row below">${given.map(
    (name) =>
      html`<a class="btn sm" href="${withQuery(address.executions, { ...filter, [name]: undefined })}">✕ ${NAMES[name]}: ${filter[name] ?? ''}</a>`,
  )}${given.length > 1 && html`<a class="btn sm" href="${address.executions}">Show all</a>`}</div></div>`
}

function paging(filter: ExecutionFilter, next: string | undefined, isLater: boolean) {
  return html`<nav class="paging" aria-label="Pages of the list">
    ${isLater && html`<a class="btn" href="${withQuery(address.executions, { ...filter })}">Newest</a>`}
    ${next !== undefined && html`<a class="btn sp" rel="next" href="${withQuery(address.executions, { ...filter, after: next })}">Older</a>`}
    </nav>`
}
