import { switches } from '../text/count.ts'
import { address } from './address.ts'
import { actForm, choice, field } from './form.ts'
import { html } from './html.ts'
import type { PageContent } from './layout.ts'
import { listed } from './names.ts'
import { withQuery } from './query.ts'
import { moment } from './time-words.ts'

export interface SnapshotItem {
  readonly name: string
  readonly at: string
  readonly switches: readonly string[]
  readonly moved?: string | undefined
}

/** The snapshots of the store, newest first. */
export interface SnapshotList {
  readonly now: number
  readonly csrf: string
  readonly items: readonly SnapshotItem[]
  readonly mayTake: boolean
}

/** The second side of a comparison that is no snapshot: the switches as they are. */
export const THE_SWITCHES_NOW = ''

export function snapshotsPage({ now, csrf, items, mayTake }: SnapshotList): PageContent {
  const body = html`<div class="head"><div><h1>Snapshots</h1><p class="lede">What switches were like: configuration and state, to compare with later.</p></div></div>
    <div class="grid cols"><div>${
      items.length === 0
        ? html`<div class="card pad empty"><p>No snapshot was taken yet.</p></div>`
        : html`<div class="card"><div class="scroll"><table><thead><tr><th scope="col">Snapshot</th><th scope="col">Switches</th><th scope="col">Taken</th><th scope="col" class="wide-only"><span class="unseen">Compare</span></th></tr></thead>
          <tbody>${items.map((item) => row(item, now, mayTake))}</tbody></table></div></div>`
    }</div>
    <div class="aside">${items.length > 1 && compareForm(items)}${mayTake && takeForm(csrf)}</div></div>`
  return { title: 'Snapshots', current: 'snapshots', body }
}

function row({ name, at, switches: names, moved }: SnapshotItem, now: number, mayTake: boolean) {
  return html`<tr><th scope="row"><span class="strong">${name}</span></th><td>${switches(names.length)}<div class="faint small">${listed(names, 8)}</div>${moved !== undefined && html`<div class="faint small">${moved}</div>`}</td><td class="muted nowrap">${moment(at, now)}</td>
    <td class="wide-only">${mayTake && html`<a href="${withQuery(address.snapshotCompare, { before: name })}">compare with now<span class="unseen">: ${name}</span></a>`}</td></tr>`
}

function compareForm(items: readonly SnapshotItem[]) {
  const names = [...new Set(items.map(({ name }) => name))]
  const options = names.map((name) => [name, name] as const)
  return html`<section aria-labelledby="compare"><h2 id="compare">Compare</h2><form method="get" action="${address.snapshotCompare}" class="card pad form">
    ${field({ id: 'before', label: 'Before', control: () => choice({ id: 'before', name: 'before', chosen: names[1] }, options) })}
    ${field({ id: 'after', label: 'After', control: () => choice({ id: 'after', name: 'after', chosen: names[0] }, [...options, [THE_SWITCHES_NOW, 'the switches now']]) })}
    <button class="btn" type="submit">Compare</button></form></section>`
}

function takeForm(csrf: string) {
  return html`<section aria-labelledby="take"><h2 id="take">Take one</h2><div class="card pad">${actForm(
    { action: address.snapshots, csrf, label: 'Take a snapshot' },
    html`${field({
      id: 'name',
      label: 'Name',
      hint: 'for example before-migration',
      control: (about) =>
        html`<input id="name" name="name" type="text" required maxlength="64" autocomplete="off" spellcheck="false" aria-describedby="${about['aria-describedby'] ?? ''}">`,
    })}
    ${field({
      id: 'targets',
      label: 'Switches (optional)',
      hint: 'names or tags; without it all of the inventory',
      control: (about) =>
        html`<input id="targets" name="targets" type="text" autocomplete="off" spellcheck="false" aria-describedby="${about['aria-describedby'] ?? ''}">`,
    })}
    <button class="btn" type="submit">Take a snapshot</button>`,
  )}</div></section>`
}
