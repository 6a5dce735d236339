import { skeletonGroups } from '../../change/plan/skeleton.ts'
import {
  afterWords,
  areaLines,
  type DeviceDiff,
  isSame,
  type Sides,
  sizeOf,
  sizeWords,
} from '../snapshot-diff/snapshot-diff.ts'
import { switches } from '../text/count.ts'
import { address } from './address.ts'
import { groupDiff } from './diff.ts'
import { type Html, html } from './html.ts'
import type { PageContent } from './layout.ts'
import { listed } from './names.ts'

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
  ).map(
    (group) =>
      html`<div class="group"><p class="group-head"><b>${listed(group.devices, 12)}</b> <span class="muted">+${group.added} −${group.removed}${
        group.devices.length > 1 && ' each'
      }</span></p>${groupDiff(group, `Configuration of ${listed(group.devices, 12)}`)}</div>`,
  )}</div></section>`
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
    <thead><tr><th scope="col">Switch</th><th scope="col">Of</th><th scope="col">What became of it</th></tr></thead>
    <tbody>${rows}</tbody></table></div></div></section>`
}

function stateRows({ name, known, switch: own, state }: DeviceDiff, sides: Sides) {
  const row = (area: string, words: Html | string) =>
    html`<tr><th scope="row"><a class="quiet strong" href="${address.switch(name)}">${name}</a></th><td>${area}</td><td>${words}</td></tr>`
  if (known !== 'both') return [row('', `is in ${known === 'before' ? sides.before : afterWords(sides)} only`)]
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
