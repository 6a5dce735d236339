import { address } from './address.ts'
import { STANDING_WORDS } from './badge.ts'
import { type ExecutionItem, executionTable } from './execution-item.ts'
import { choice, field } from './form.ts'
import { attributes, type Html, html } from './html.ts'
import type { PageContent } from './layout.ts'
import { withQuery } from './query.ts'

/** What of all executions is asked for, by the names in the address: an absent one asks for all. */
export interface ExecutionFilter {
  /** A word of `STANDINGS` (report/page/badge.ts), or `open`. */
  readonly state?: string | undefined
  readonly workflow?: string | undefined
  readonly switch?: string | undefined
  readonly by?: string | undefined
}

/** One page of the list of executions, newest first. */
export interface ExecutionList {
  readonly now: number
  readonly filter: ExecutionFilter
  readonly items: readonly ExecutionItem[]
  /** The workflows and switches that the filter offers. */
  readonly workflows: readonly string[]
  readonly switches: readonly string[]
  /** The cursor behind the last item, where there are more. */
  readonly next?: string | undefined
  /** Whether this is not the first page. */
  readonly isLater: boolean
}

/** The list of executions with its filter, which is a form that is asked for by GET. */
export function executionsPage(data: ExecutionList): PageContent {
  const { items, filter, next, isLater, now } = data
  const isFiltered = Object.values(filter).some((value) => value !== undefined && value !== '')
  const body = html`<div class="head"><div><h1>Executions</h1><p class="lede">Everything that was planned or changed, the newest first.</p></div>
    <div class="acts"><a class="btn pri" href="${address.workflows}">Plan a change</a></div></div>
    ${filterForm(data)}
    ${items.length === 0 ? none(isFiltered) : html`<div class="card">${executionTable(items, now)}</div>`}
    ${(next !== undefined || isLater) && paging(filter, next, isLater)}`
  return { title: 'Executions', current: 'executions', body }
}

function filterForm({ filter, workflows, switches }: ExecutionList): Html {
  const select = (name: keyof ExecutionFilter, label: string, options: readonly (readonly [string, string])[]) =>
    field({ id: `f-${name}`, label, control: () => choice({ id: `f-${name}`, name, chosen: filter[name] }, options) })
  const words = STANDING_WORDS.filter(([standing]) => standing !== 'open')
  return html`<form method="get" action="${address.executions}" class="filter" role="search" aria-label="Which executions">
    ${select('state', 'State', [['', 'any'], ['open', 'not ended'], ...words])}
    ${select('workflow', 'Workflow', [['', 'any'], ...workflows.map((name) => [name, name] as const)])}
    ${select('switch', 'Switch', [['', 'any'], ...switches.map((name) => [name, name] as const)])}
    ${field({ id: 'f-by', label: 'Begun by', control: () => html`<input ${attributes({ id: 'f-by', name: 'by', type: 'text', value: filter.by ?? '', autocomplete: 'off' })}>` })}
    <button class="btn" type="submit">Filter</button>
    </form>`
}

function none(isFiltered: boolean): Html {
  return html`<div class="card pad empty">${
    isFiltered
      ? html`<p>No execution is like that. <a href="${address.executions}">Show all</a></p>`
      : html`<p>Nothing was planned or changed yet. <a href="${address.workflows}">Plan a change</a></p>`
  }</div>`
}

function paging(filter: ExecutionFilter, next: string | undefined, isLater: boolean): Html {
  return html`<nav class="paging" aria-label="Pages of the list">
    ${isLater && html`<a class="btn" href="${withQuery(address.executions, { ...filter })}">Newest</a>`}
    ${next !== undefined && html`<a class="btn sp" rel="next" href="${withQuery(address.executions, { ...filter, after: next })}">Older</a>`}
    </nav>`
}
