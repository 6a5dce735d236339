import { deviceEnds } from '../../change/engine/outcome.ts'
import type { DeviceEnd, DeviceEnds } from '../../model/act.ts'
import { errorRecord } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { natural } from '../../model/natural-order.ts'
import { identityOf, type Principal } from '../../model/principal.ts'
import { type Drift, driftWords, sumOfDrift } from '../drift/drift.ts'
import type { ExecutionRow } from '../execution/row.ts'
import { countedEnds } from '../phrases/end-words.ts'
import { personName } from '../phrases/person-name.ts'
import { type SiteLinks, siteLinks } from '../phrases/site-links.ts'
import { changeTitle } from '../phrases/spoken.ts'
import { duration, switches, tallied } from '../text/text.ts'
import { chip, diffBlock, empty, heads, pageStep, searchedCard } from './diff.ts'
import {
  actForm,
  address,
  ago,
  attributes,
  type Badge,
  badge,
  type Html,
  html,
  moment,
  type PageContent,
  standingBadge,
  withQuery,
} from './html.ts'

interface DriftSeen {
  readonly state: Drift['state']
  readonly at: string
}

export type ShownSource =
  | { readonly kind: 'execution'; readonly id?: string }
  | { readonly kind: 'snapshot'; readonly name?: string }

export interface SwitchItem {
  readonly name: string
  /** Where and how it is reached: `eapi 10.0.0.11:443`. */
  readonly reached: string
  readonly tags: Readonly<Record<string, string>>
  /** Whether an execution has left it so that nobody knows its configuration. */
  readonly isUnknown: boolean
  readonly changing?: string | undefined
  /** What its confirmed configuration comes from, and since when (ISO 8601); absent where there is none. */
  readonly confirmed?: { readonly source: ShownSource; readonly since: string } | undefined
  readonly drift?: DriftSeen | undefined
}

interface SwitchFilter {
  // A part of a name, or of a tag as `role:leaf`.
  readonly q?: string | undefined
  readonly state?: string | undefined
}

interface SwitchList {
  readonly now: number
  readonly csrf: string
  readonly items: readonly SwitchItem[]
  readonly filter?: SwitchFilter
  readonly page?: number
  readonly mayRead: boolean
}

const ON_A_PAGE = 50

export function switchesPage({ now, csrf, items, filter = {}, page = 1, mayRead }: SwitchList): PageContent {
  const found = items.filter((item) => isMeant(item, filter.q))
  const sorted = found
    .filter((item) => filter.state === undefined || standing(item).word === filter.state)
    .toSorted((a, b) => RANK.indexOf(standing(a).tone) - RANK.indexOf(standing(b).tone) || natural(a.name, b.name))
  const pages = Math.max(1, Math.ceil(sorted.length / ON_A_PAGE))
  const at = Math.min(Math.max(1, page), pages)
  const shown = sorted.slice((at - 1) * ON_A_PAGE, at * ON_A_PAGE)
  const body = html`<div class="head"><div><h1>Switches</h1><p class="lede">${summary(items)}</p></div>
    ${
      mayRead &&
      items.length > 0 &&
      html`<div class="acts">${actForm({ action: address.driftChecks, csrf, label: 'Drift' }, html`<button class="btn" type="submit">Check all for drift</button>`)}</div>`
    }</div>
    ${
      items.length === 0
        ? empty('The inventory has no switch. They are in `inventory.yaml`.')
        : html`${narrowing(found, filter, items.length)}${
            shown.length === 0
              ? empty(html`No switch is like that. ${takeAway(filter)}`)
              : html`<div class="card"><div class="scroll"><table class="rows tight">
          ${heads('Switch', 'By the record', ['Last confirmed', 'wide-only'], ['Last look', 'wide-only'])}
          <tbody>${shown.map((item) => row(item, now))}</tbody></table></div></div>`
          }${pages > 1 && paging(filter, at, pages, sorted.length)}`
    }`
  return { title: 'Switches', current: 'switches', body }
}

function isMeant({ name, tags }: SwitchItem, q: string | undefined) {
  if (q === undefined || q === '') return true
  const text = q.toLowerCase()
  const words = [name, ...Object.entries(tags).map(([tag, value]) => `${tag}:${value}`)]
  return words.some((word) => word.toLowerCase().includes(text))
}

function narrowing(found: readonly SwitchItem[], filter: SwitchFilter, all: number) {
  const counts = tallied(found.map((item) => standing(item).word))
  const link = (word: string | undefined, text: string) =>
    chip(withQuery(address.switches, { ...filter, state: word }), filter.state === word, text)
  if (all < FEW && filter.q === undefined && filter.state === undefined) return false
  return html`<form method="get" action="${address.switches}" class="search" role="search" aria-label="Which switches">
    <label class="unseen" for="s-q">Name or tag</label><input ${attributes({ id: 's-q', name: 'q', type: 'search', value: filter.q ?? '', placeholder: 'Name, or role:leaf', autocomplete: 'off', spellcheck: 'false' })}>
    ${filter.state !== undefined && html`<input type="hidden" name="state" value="${filter.state}">`}<button class="btn" type="submit">Search</button></form>
    <div class="chips" role="group" aria-label="States">${link(undefined, `All ${found.length}`)}${[...counts].map(([word, many]) => link(word, `${word} ${many}`))}${
      filter.state !== undefined && !counts.has(filter.state) && link(filter.state, `${filter.state} 0`)
    }</div>`
}

const FEW = 12

function takeAway(filter: SwitchFilter) {
  const without = (name: keyof SwitchFilter, text: string) =>
    filter[name] !== undefined &&
    filter[name] !== '' &&
    html`<a class="btn sm" href="${withQuery(address.switches, { ...filter, [name]: undefined })}">Without “${text}”</a> `
  return html`${without('q', filter.q ?? '')}${without('state', filter.state ?? '')}`
}

function paging(filter: SwitchFilter, at: number, pages: number, all: number) {
  const to = (page: number) => withQuery(address.switches, { ...filter, page: String(page) })
  return html`<nav class="paging" aria-label="Pages of the list">${at > 1 && pageStep('prev', to(at - 1), 'btn')}
    <span class="muted small">${(at - 1) * ON_A_PAGE + 1} to ${Math.min(at * ON_A_PAGE, all)} of ${all}</span>
    ${at < pages && pageStep('next', to(at + 1), 'btn sp')}</nav>`
}

const RANK: readonly Badge['tone'][] = ['bad', 'live', 'run', 'undo', 'idle', 'ok']

// How a switch is by the record: what needs somebody goes before what was seen last.
function standing({ isUnknown, changing, confirmed, drift }: SwitchItem): Badge {
  if (isUnknown) return { tone: 'bad', shape: '✕', word: 'unknown' }
  if (changing !== undefined) return { tone: 'run', shape: '◐', word: 'being changed' }
  if (drift?.state === 'differs') return { tone: 'live', shape: '▲', word: 'differs' }
  if (drift?.state === 'unread') return { tone: 'live', shape: '▲', word: 'did not answer' }
  if (confirmed === undefined) return { tone: 'idle', shape: '○', word: 'never confirmed' }
  if (confirmed.source.kind === 'snapshot') return { tone: 'idle', shape: '○', word: 'in a snapshot' }
  return { tone: 'ok', shape: '●', word: 'confirmed' }
}

function summary(items: readonly SwitchItem[]) {
  const of = (test: (item: SwitchItem) => boolean) => items.filter(test).length
  const unknown = of(({ isUnknown }) => isUnknown)
  const looked = items.flatMap(({ drift, confirmed }) =>
    drift === undefined ? [] : [{ state: drift.state, source: confirmed?.source }],
  )
  return [
    `${switches(items.length)} in the inventory`,
    unknown === 0 ? 'none in an unknown state' : `${unknown} in an unknown state`,
    looked.length === 0 ? 'none looked at for drift yet' : driftWords(sumOfDrift(looked)),
  ].join(', ')
}

function row(item: SwitchItem, now: number) {
  const { name, tags, confirmed, drift } = item
  const told = Object.values(tags)
  return html`<tr>
    <th scope="row"><a class="strong quiet" href="${address.switch(name)}">${name}</a>${told.length > 0 && html` <span class="faint small wide-only-in">${told.join(' · ')}</span>`}</th>
    <td>${badge(standing(item))}</td>
    <td class="muted small wide-only">${confirmed === undefined ? 'never' : html`${moment(confirmed.since, now)} · ${sourceLink(confirmed.source)}`}</td>
    <td class="muted small wide-only">${drift === undefined || drift.state === 'unknown' ? 'not yet' : moment(drift.at, now)}</td>
    </tr>`
}

function sourceLink(source: ShownSource) {
  if (source.kind === 'execution')
    return source.id === undefined
      ? html`a change`
      : html`<a class="mono" href="${address.execution(source.id)}">${source.id}</a>`
  return source.name === undefined ? html`a snapshot` : html`<a href="${address.snapshots}">snapshot ${source.name}</a>`
}

interface SwitchView {
  readonly now: number
  readonly csrf: string
  readonly item: SwitchItem
  readonly identity?: { readonly model: string; readonly eos: string; readonly serial: string } | undefined
  // What was found when it was compared last; absent before the first time.
  readonly drift?: Drift | undefined
  // What it was compared with, as this viewer may be told; absent: as the comparison says.
  readonly comparedWith?: ShownSource | undefined
  // The executions that were about it, newest first.
  readonly changes: readonly ExecutionItem[]
  // Back to when they were looked for, ISO 8601, where they are not all that are asked for, and the cursor to go on with.
  readonly searched?: { readonly to: string; readonly next: string } | undefined
  readonly mayRead: boolean
}

export function switchPage(data: SwitchView): PageContent {
  const { item, changes, now, identity, csrf, mayRead, searched } = data
  const { name, reached, tags, changing } = item
  const body = html`<div class="head"><div>
    <p class="small"><a href="${address.switches}">Switches</a></p>
    <h1>${name}</h1>
    <p class="lede"><span class="mono">${reached}</span>${identity !== undefined && ` · ${identity.model} · EOS ${identity.eos} · ${identity.serial}`}</p>
    <div class="row below">${badge(standing(item))}${Object.entries(tags).map(([tag, value]) => html`<span class="tag">${tag}:${value}</span>`)}</div></div>
    ${
      mayRead &&
      html`<div class="acts">${actForm({ action: address.driftChecks, csrf, label: 'Drift' }, html`<input type="hidden" name="switch" value="${name}"><button class="btn" type="submit">Check for drift</button>`)}</div>`
    }</div>
    ${item.isUnknown && html`<p class="notice bad"><b>Nobody knows what is on ${name}.</b> Look at it now, then type <code>eosflow recover ${name}</code></p>`}
    ${changing !== undefined && html`<p class="notice run">An execution is changing it: <a href="${address.execution(changing)}">${changing}</a></p>`}
    <section aria-labelledby="drift"><h2 id="drift">Against what was confirmed</h2>${driftCard(data)}</section>
    <section aria-labelledby="changes"><h2 id="changes">Last changes <a class="more" href="${withQuery(address.executions, { switch: name })}">all of ${name}</a></h2>
    ${changes.length > 0 ? html`<div class="card">${executionTable(changes, now)}</div>` : searched === undefined && empty('eosflow has not changed it yet.')}
    ${searched !== undefined && searchedCard('execution', searched.to, now, withQuery(address.executions, { switch: name, after: searched.next }))}</section>`
  return { title: name, current: 'switches', body }
}

function driftCard({ drift, comparedWith, now, item }: SwitchView) {
  const at = item.drift?.at
  const when = at === undefined ? '' : html`, ${moment(at, now)}`
  if (drift === undefined) {
    return html`<div class="card pad"><p>${
      item.confirmed === undefined
        ? 'There is nothing to compare with: no change of eosflow was confirmed on it, and no snapshot holds it.'
        : html`Nobody has looked since it was confirmed by ${sourceLink(item.confirmed.source)}, ${moment(item.confirmed.since, now)}.`
    }</p></div>`
  }
  if (drift.state === 'unknown')
    return html`<div class="card pad"><p>There is nothing to compare with: no change of eosflow was confirmed on it, and no snapshot holds it.</p></div>`
  if (drift.state === 'unread') {
    const { message, hint } = errorRecord(drift.failure)
    return html`<div class="card pad"><p><b>It could not be read</b>${when}: ${message}</p>${hint !== undefined && html`<p class="muted">${hint}</p>`}</div>`
  }
  const { config, source: compared, since, unsaved, startup, armed } = drift
  const source = comparedWith ?? compared
  const signed = (sign: string) => config.filter((line) => line.sign === sign).length
  return html`<div class="card clip"><div class="pad">
    <p>${
      drift.state === 'same'
        ? html`<b>As it was confirmed</b> by ${sourceLink(source)}, ${moment(since, now)}`
        : html`<b>It differs: +${signed('+')} −${signed('-')} lines</b> since it was confirmed by ${sourceLink(source)}, ${moment(since, now)}`
    }${at !== undefined && html`. Looked at ${moment(at, now)}`}.</p>
    ${unsaved && armed === undefined && html`<p class="live-ink">▲ running-config is not saved: a reboot would change it.</p>`}
    ${startup === 'unknown' && html`<p class="live-ink">▲ startup-config cannot be read: nobody knows what a reboot would bring back.</p>`}
    ${armed !== undefined && html`<p class="live-ink">▲ Session <span class="mono">${armed.session}</span> was under a commit timer, ${duration(armed.secondsLeft)} left then: do not save while it runs.</p>`}
    </div>${config.length > 0 && diffBlock(config, `How ${item.name} differs`)}</div>`
}

export interface ExecutionItem {
  readonly id: string
  readonly title: string
  readonly workflow: string
  /** When it began, ISO 8601 in UTC. */
  readonly at: string
  /** Who began it, as people read it; empty where that is the viewer, undefined where the record does not say. */
  readonly by: string | undefined
  readonly standing: string
  readonly ends: DeviceEnds
  readonly sites?: SiteLinks
}

/** The item of an execution for a viewer, from the row that `eosflow executions` prints. */
export function executionItem({ state, at, standing }: ExecutionRow, viewer: Principal): ExecutionItem {
  const { id, workflow, params, requester } = state
  const sites = siteLinks(state)
  return {
    id,
    title: changeTitle({ name: workflow, params }),
    workflow,
    at,
    by: requester === undefined ? undefined : identityOf(requester) === identityOf(viewer) ? '' : personName(requester),
    standing,
    ends: deviceEnds(state),
    ...definedMembers({ sites }),
  }
}

/** Executions as a table, each with a link to its page; `byDay` puts those of a day under its date. */
export function executionTable(
  items: readonly ExecutionItem[],
  now: number,
  { byDay = false }: { readonly byDay?: boolean } = {},
): Html {
  // Where all of them are the viewer's own, or nobody's, there is nobody to name.
  const hasPeople = items.some(({ by = '' }) => by !== '')
  const days = byDay ? [...new Set(items.map(({ at }) => at.slice(0, 10)))] : ['']
  return html`<div class="scroll"><table ${attributes({ class: 'rows', 'data-days': byDay })}>
    ${heads('Change', 'Switches', 'Outcome', hasPeople && ['Who', 'wide-only'], 'When', ['Execution', 'wide-only'])}
    ${days.map(
      (day) =>
        html`<tbody>${day !== '' && html`<tr class="day"><th scope="rowgroup" colspan="${hasPeople ? 6 : 5}">${dayName(day, now)}</th></tr>`}${items
          .filter(({ at }) => at.startsWith(day))
          .map((item) => executionRow(item, ago(item.at, now, byDay), hasPeople))}</tbody>`,
    )}
    </table></div>`
}

export function changeName(workflow: string, title: string): Html {
  return html`<b>${workflow}</b>${title !== workflow && ` ${title}`}`
}

const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })

function dayName(day: string, now: number) {
  if (day === new Date(now).toISOString().slice(0, 10)) return 'Today'
  const year = day.slice(0, 4) === new Date(now).toISOString().slice(0, 4) ? '' : ` ${day.slice(0, 4)}`
  return `${DAY.format(new Date(day))}${year}`
}

function executionRow(
  { id, title, workflow, by, standing, ends, sites }: ExecutionItem,
  when: Html,
  hasPeople: boolean,
) {
  return html`<tr>
    <th scope="row"><a class="quiet" href="${address.execution(id)}">${changeName(workflow, title)}</a>${sites !== undefined && html`<div class="faint small">${siteLinksHtml(sites)}</div>`}</th>
    <td class="muted small ends">${endsText(ends, standing)}</td>
    <td>${badge(standingBadge(standing))}</td>
    ${hasPeople && html`<td class="muted small wide-only nowrap">${by ?? ''}</td>`}
    <td class="muted small when nowrap">${when}</td>
    <td class="faint small mono wide-only" title="${id}">${id.slice(-8)}</td>
    </tr>`
}

export function siteLinksHtml({ whole, parts }: SiteLinks): Html {
  if (whole !== undefined)
    return html`the site ${whole.site} of <a class="mono" href="${address.execution(whole.id)}">${whole.id}</a>`
  return html`several sites${parts.map(
    ({ site, id, hasEnded }) =>
      html` · ${site}: <a class="mono" href="${address.execution(id)}">${id}</a>${hasEnded && ' (has ended)'}`,
  )}`
}

const ORDER: readonly DeviceEnd[] = ['unknown', 'changed', 'reverted', 'unchanged', 'untouched']

const GOES_ON: ReadonlySet<string> = new Set([
  'waiting',
  'waiting-for-signal',
  'suspended',
  'running',
  'compensating',
  'open',
])

/** Where the switches of an execution are, counted; of one that goes on how many it has: `3 put back, 1 untouched`. */
export function endsText(ends: DeviceEnds, standing: string): string {
  const all = Object.values(ends)
  if (all.length === 0) return 'none'
  if (standing === 'planned') return `${switches(all.length)}, plan only`
  // What is live is unknown by its end, which it has not reached: its own page says how it is.
  if (GOES_ON.has(standing)) return switches(all.length)
  return countedEnds(all, ORDER)
}
