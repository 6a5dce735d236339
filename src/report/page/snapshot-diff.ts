import { switches } from '../count.ts'
import {
  afterWords,
  areaLines,
  type DeviceDiff,
  isSame,
  type Sides,
  sizeOf,
  sizeWords,
} from '../snapshot-diff/snapshot-diff.ts'
import { address } from './address.ts'
import { diffBlock } from './diff.ts'
import { type Html, html } from './html.ts'
import type { PageContent } from './layout.ts'

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
    ${differing.length > 6 && html`<nav class="chips" aria-label="Switches that differ">${differing.map(({ name }) => html`<a href="#${anchorOf(name)}">${name}</a>`)}</nav>`}
    ${differing.map((diff) => deviceSection(diff, sides))}
    ${same.length > 0 && differing.length > 0 && html`<section><h2>As before</h2><p class="card pad">${same.join(', ')}</p></section>`}`
  return { title: `${sides.before} to ${afterWords(sides)}`, current: 'snapshots', body }
}

function verdict(differing: number, all: number): string {
  if (all === 0) return 'There is no switch to compare'
  if (differing === 0) return all === 1 ? 'The switch is as before' : `All ${switches(all)} are as before`
  return `${differing} of ${switches(all)} ${differing === 1 ? 'differs' : 'differ'}`
}

const anchorOf = (name: string): string => `on-${encodeURIComponent(name)}`

function deviceSection(diff: DeviceDiff, sides: Sides): Html {
  const { name, known, config, switch: own, state } = diff
  const areas = Object.entries(state)
  return html`<section id="${anchorOf(name)}" aria-label="${name}"><h2>${name} <span class="n">${sizeWords(sizeOf([diff])).join(', ')}</span></h2>
    <div class="card clip">${
      known !== 'both'
        ? html`<p class="pad">is in ${known === 'before' ? sides.before : afterWords(sides)} only</p>`
        : html`${own.length > 0 && html`<ul class="pad plain">${own.map((line) => html`<li>${line}</li>`)}</ul>`}
          ${config.length > 0 && diffBlock(config, `Configuration of ${name}`)}
          ${
            areas.length > 0 &&
            html`<div class="scroll"><table><thead><tr><th scope="col">State</th><th scope="col">What became of it</th></tr></thead><tbody>${areas.map(
              ([area, comparison]) =>
                html`<tr><th scope="row">${area}</th><td>${
                  comparison.comparable
                    ? areaLines(area, comparison).map((line) => html`<div>${line}</div>`)
                    : html`<span class="live-ink">▲ not compared: ${comparison.text}</span>`
                }</td></tr>`,
            )}</tbody></table></div>`
          }`
    }</div></section>`
}
