import type { PlanContent } from '../../plan/plan.ts'
import { count, switches } from '../count.ts'
import { FOREIGN_HEADING, foreignGroups, KEPT_HEADING, keptGroups } from '../foreign-lines.ts'
import { diffBlock } from './diff.ts'
import { type Html, html } from './html.ts'
import { listed } from './names.ts'

/** So many groups of foreign lines are on the page, each with so many lines; the plan as a text has all. */
const [MOST_FOREIGN, MOST_FOREIGN_LINES] = [12, 40]

/** What goes and nobody on record has written, before all that the author has written. */
export function foreignSection(content: Pick<PlanContent, 'devices'>): Html | false {
  const groups = foreignGroups(content)
  const rest = groups.slice(MOST_FOREIGN)
  return (
    groups.length > 0 &&
    html`<section aria-labelledby="foreign"><h2 id="foreign">${FOREIGN_HEADING}</h2><div class="card clip">${groups
      .slice(0, MOST_FOREIGN)
      .map(({ devices, words, lines = [] }) => {
        const more = lines.length - MOST_FOREIGN_LINES
        return html`<div class="group"><p class="group-head"><b>${listed(devices, 12)}</b> <span class="muted">${words}</span></p>${
          lines.length > 0 && diffBlock(lines.slice(0, MOST_FOREIGN_LINES), `Foreign lines of ${listed(devices, 12)}`)
        }${more > 0 && html`<p class="pad"><b>${more} more lines</b>: read them with <code>eosflow show</code></p>`}</div>`
      })}${rest.length > 0 && html`<p class="pad"><b>${switches(rest.flatMap(({ devices }) => devices).length)} more</b>: read them with <code>eosflow show</code></p>`}</div></section>`
  )
}

/** What stays because the workflow says so. */
export function keptSection(content: Pick<PlanContent, 'devices'>): Html | false {
  const groups = keptGroups(content)
  const rest = groups.slice(MOST_FOREIGN)
  return (
    groups.length > 0 &&
    html`<section aria-labelledby="kept"><h2 id="kept">${KEPT_HEADING}</h2><div class="card clip">${groups
      .slice(0, MOST_FOREIGN)
      .map(({ devices, lines }) => {
        const more = lines.length - MOST_FOREIGN_LINES
        return html`<div class="group"><p class="group-head"><b>${listed(devices, 12)}</b> <span class="muted">${count(lines.length, 'line')}</span></p>${diffBlock(
          lines.slice(0, MOST_FOREIGN_LINES).map((text) => ({ sign: ' ', text })),
          `Kept lines of ${listed(devices, 12)}`,
        )}${more > 0 && html`<p class="pad"><b>${more} more lines</b>: read them with <code>eosflow show</code></p>`}</div>`
      })}${rest.length > 0 && html`<p class="pad"><b>${switches(rest.flatMap(({ devices }) => devices).length)} more</b>: read them with <code>eosflow show</code></p>`}</div></section>`
  )
}
