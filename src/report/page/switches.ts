import { switches } from '../count.ts'
import { address } from './address.ts'
import { type Badge, badge } from './badge.ts'
import { actForm } from './form.ts'
import { type Html, html } from './html.ts'
import type { PageContent } from './layout.ts'
import { moment } from './moment.ts'

/** How a switch was when somebody looked last. */
export interface DriftSeen {
  readonly state: 'same' | 'differs' | 'unread'
  /** ISO 8601. */
  readonly at: string
}

/** What a confirmed configuration comes from, for somebody who may not be told which execution or which snapshot that is: then it has no name. */
export type ShownSource =
  | { readonly kind: 'execution'; readonly id?: string }
  | { readonly kind: 'snapshot'; readonly name?: string }

/** A switch of the inventory and what the record says about it. Nothing is asked of it for this. */
export interface SwitchItem {
  readonly name: string
  /** Where and how it is reached: `eapi 10.0.0.11:443`. */
  readonly reached: string
  readonly tags: Readonly<Record<string, string>>
  /** Whether an execution has left it so that nobody knows its configuration. */
  readonly isUnknown: boolean
  /** The execution that changes it right now. */
  readonly changing?: string | undefined
  /** What its confirmed configuration comes from, and since when (ISO 8601); absent where there is none. */
  readonly confirmed?: { readonly source: ShownSource; readonly since: string } | undefined
  readonly drift?: DriftSeen | undefined
}

/** The switches of the inventory. */
export interface SwitchList {
  readonly now: number
  readonly csrf: string
  readonly items: readonly SwitchItem[]
  /** Whether the viewer may have the switches read. */
  readonly mayRead: boolean
}

/** Every switch of the inventory with how it is by the record, the ones that need somebody first. */
export function switchesPage({ now, csrf, items, mayRead }: SwitchList): PageContent {
  const sorted = items.toSorted((a, b) => RANK.indexOf(standing(a).tone) - RANK.indexOf(standing(b).tone))
  const body = html`<div class="head"><div><h1>Switches</h1><p class="lede">${summary(items)}</p></div>
    ${
      mayRead &&
      items.length > 0 &&
      html`<div class="acts">${actForm({ action: address.driftChecks, csrf, label: 'Drift' }, html`<button class="btn" type="submit">Check all for drift</button>`)}</div>`
    }</div>
    ${
      items.length === 0
        ? html`<div class="card pad empty"><p>The inventory has no switch. They are in <code>inventory.yaml</code>.</p></div>`
        : html`<div class="card"><div class="scroll"><table>
          <thead><tr><th scope="col">Switch</th><th scope="col">By the record</th><th scope="col" class="wide-only">Last confirmed</th><th scope="col" class="wide-only">Last look</th></tr></thead>
          <tbody>${sorted.map((item) => row(item, now))}</tbody></table></div></div>`
    }`
  return { title: 'Switches', current: 'switches', body }
}

const RANK: readonly Badge['tone'][] = ['bad', 'live', 'run', 'undo', 'idle', 'ok']

/** How a switch is by the record: what needs somebody goes before what was seen last. */
export function standing({ isUnknown, changing, confirmed, drift }: SwitchItem): Badge {
  if (isUnknown) return { tone: 'bad', shape: '✕', word: 'unknown' }
  if (changing !== undefined) return { tone: 'run', shape: '◐', word: 'being changed' }
  if (drift?.state === 'differs') return { tone: 'live', shape: '▲', word: 'differs' }
  if (drift?.state === 'unread') return { tone: 'live', shape: '▲', word: 'did not answer' }
  if (confirmed === undefined) return { tone: 'idle', shape: '○', word: 'never confirmed' }
  if (confirmed.source.kind === 'snapshot') return { tone: 'idle', shape: '○', word: 'in a snapshot' }
  return { tone: 'ok', shape: '●', word: 'confirmed' }
}

function summary(items: readonly SwitchItem[]): string {
  const of = (test: (item: SwitchItem) => boolean): number => items.filter(test).length
  const unknown = of(({ isUnknown }) => isUnknown)
  const differs = of(({ drift }) => drift?.state === 'differs')
  const looked = of(({ drift }) => drift !== undefined)
  return [
    `${switches(items.length)} in the inventory`,
    unknown === 0 ? 'none in an unknown state' : `${unknown} in an unknown state`,
    looked === 0
      ? 'none looked at for drift yet'
      : `${differs} of the ${looked} looked at ${differs === 1 ? 'differs' : 'differ'}`,
  ].join(', ')
}

function row(item: SwitchItem, now: number): Html {
  const { name, reached, tags, confirmed, drift } = item
  const told = Object.entries(tags).map(([tag, value]) => `${tag}:${value}`)
  return html`<tr>
    <th scope="row"><a class="strong quiet" href="${address.switch(name)}">${name}</a><div class="faint small"><span class="mono">${reached}</span>${told.length > 0 && html`<span class="wide-only"> · ${told.join(' ')}</span>`}</div></th>
    <td>${badge(standing(item))}</td>
    <td class="muted wide-only">${confirmed === undefined ? 'never' : html`${sourceLink(confirmed.source)}<div class="faint small">${moment(confirmed.since, now)}</div>`}</td>
    <td class="muted wide-only">${drift === undefined ? 'not yet' : moment(drift.at, now)}</td>
    </tr>`
}

/** What a confirmed configuration comes from, as a link. */
export function sourceLink(source: ShownSource): Html {
  if (source.kind === 'execution')
    return source.id === undefined
      ? html`a change`
      : html`<a class="mono" href="${address.execution(source.id)}">${source.id}</a>`
  return source.name === undefined ? html`a snapshot` : html`<a href="${address.snapshots}">snapshot ${source.name}</a>`
}
