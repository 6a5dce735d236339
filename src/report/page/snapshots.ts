import { skeletonGroups } from '../plan/group-lines.ts'
import {
  afterWords,
  areaLines,
  type DeviceDiff,
  isSame,
  onlyIn,
  type Sides,
  sizeOf,
  sizeWords,
} from '../snapshot-diff/formats.ts'
import { switches } from '../text/text.ts'
import { alike, choiceField, empty, groupChange, heads } from './diff.ts'
import { actForm, address, field, type Html, html, listed, moment, type PageContent, withQuery } from './html.ts'

interface SnapshotItem {
  readonly name: string
  readonly at: string
  readonly switches: readonly string[]
  readonly moved?: string | undefined
}

// The snapshots of the store, newest first.
interface SnapshotList {
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
        ? empty('No snapshot was taken yet.')
        : html`<div class="card"><div class="scroll"><table>${heads('Snapshot', 'Switches', 'Taken', [html`<span class="unseen">Compare</span>`, 'wide-only'])}
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
  const options = names.map(alike)
  return html`<section aria-labelledby="compare"><h2 id="compare">Compare</h2><form method="get" action="${address.snapshotCompare}" class="card pad form">
    ${choiceField({ id: 'before', label: 'Before', value: names[1] }, options)}
    ${choiceField({ id: 'after', label: 'After', value: names[0] }, [...options, [THE_SWITCHES_NOW, 'the switches now']])}
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

/** How switches differ between two snapshots, or since one. */
export function snapshotDiffPage({
  diffs,
  sides,
}: {
  readonly diffs: readonly DeviceDiff[]
  readonly sides: Sides
}): PageContent {
  const same = diffs.filter(isSame).map(({ name }) => name)
  const differing = diffs.filter((diff) => !isSame(diff))
  const body = html`<p class="small"><a href="${address.snapshots}">Snapshots</a></p>
    <h1>${verdict(differing.length, diffs.length)}</h1>
    <p class="lede">From <b>${sides.before}</b> to <b>${afterWords(sides)}</b>: ${sizeWords(sizeOf(diffs), true).join(', ')}</p>
    ${configSection(diffs)}
    ${stateSection(differing, sides)}
    ${same.length > 0 && differing.length > 0 && html`<section aria-labelledby="same"><h2 id="same">As before</h2><p class="card pad">${same.join(', ')}</p></section>`}`
  return { title: `${sides.before} to ${afterWords(sides)}`, current: 'snapshots', body }
}

function configSection(diffs: readonly DeviceDiff[]) {
  const changed = diffs.filter(({ config }) => config.length > 0).map(({ name, config }) => ({ name, diff: config }))
  if (changed.length === 0) return undefined
  return html`<section aria-labelledby="config"><h2 id="config">Configuration</h2><div class="card clip">${skeletonGroups(
    changed,
  ).map((group) => groupChange(group, 'Configuration'))}</div></section>`
}

function verdict(differing: number, all: number) {
  if (all === 0) return 'There is no switch to compare'
  if (differing === 0) return all === 1 ? 'The switch is as before' : `All ${switches(all)} are as before`
  return `${differing} of ${switches(all)} ${differing === 1 ? 'differs' : 'differ'}`
}

function stateSection(diffs: readonly DeviceDiff[], sides: Sides) {
  const rows = diffs.flatMap((diff) => stateRows(diff, sides))
  if (rows.length === 0) return undefined
  return html`<section aria-labelledby="state"><h2 id="state">State</h2><div class="card"><div class="scroll"><table>
    ${heads('Switch', 'Of', 'What became of it')}
    <tbody>${rows}</tbody></table></div></div></section>`
}

function stateRows(diff: DeviceDiff, sides: Sides) {
  const { name, known, switch: own, state } = diff
  const row = (area: string, words: Html | string) =>
    html`<tr><th scope="row"><a class="quiet strong" href="${address.switch(name)}">${name}</a></th><td>${area}</td><td>${words}</td></tr>`
  if (known !== 'both') return [row('', onlyIn(diff, sides))]
  return [
    ...own.map((line) => row('the switch', line)),
    ...Object.entries(state).map(([area, comparison]) =>
      row(
        area,
        comparison.comparable
          ? html`${areaLines(area, comparison).map((line) => html`<div>${line}</div>`)}`
          : html`<span class="live-ink">▲ ${comparison.text}</span>`,
      ),
    ),
  ]
}
