import type { DiffLine, PlanContent } from '../../change/plan/plan.ts'
import {
  FOREIGN_HEADING,
  type ForeignGroup,
  foreignGroups,
  KEPT_HEADING,
  keptGroups,
  UNSAVED_HEADING,
  unsavedGroups,
} from '../phrases/foreign-lines.ts'
import { count, switches } from '../text/count.ts'
import { diffBlock } from './diff.ts'
import { type Html, html } from './html.ts'
import { listed } from './names.ts'

/** So many groups of foreign lines are on the page, each with so many lines; the plan as a text has all. */
const [MOST_FOREIGN, MOST_FOREIGN_LINES] = [12, 40]

/** What goes and nobody on record has written, before all that the author has written. */
export function foreignSection(content: Pick<PlanContent, 'devices'>): Html | false {
  return linesSection({ id: 'foreign', heading: FOREIGN_HEADING, label: 'Foreign lines' }, foreignGroups(content))
}

/** What somebody has not saved, and the confirm saves. */
export function unsavedSection(content: Pick<PlanContent, 'devices'>): Html | false {
  return linesSection({ id: 'unsaved', heading: UNSAVED_HEADING, label: 'Unsaved lines' }, unsavedGroups(content))
}

/** What stays because the workflow says so. */
export function keptSection(content: Pick<PlanContent, 'devices'>): Html | false {
  const groups = keptGroups(content).map(({ devices, lines }) => ({
    devices,
    words: count(lines.length, 'line'),
    lines: lines.map((text): DiffLine => ({ sign: ' ', text })),
  }))
  return linesSection({ id: 'kept', heading: KEPT_HEADING, label: 'Kept lines' }, groups)
}

/** Lines by the switches that have the same ones; false where there are none. */
function linesSection(
  { id, heading, label }: Readonly<Record<'id' | 'heading' | 'label', string>>,
  groups: readonly ForeignGroup[],
): Html | false {
  const rest = groups.slice(MOST_FOREIGN)
  return (
    groups.length > 0 &&
    html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2><div class="card clip">${groups
      .slice(0, MOST_FOREIGN)
      .map(({ devices, words, lines = [] }) => {
        const more = lines.length - MOST_FOREIGN_LINES
        return html`<div class="group"><p class="group-head"><b>${listed(devices, 12)}</b> <span class="muted">${words}</span></p>${
          lines.length > 0 && diffBlock(lines.slice(0, MOST_FOREIGN_LINES), `${label} of ${listed(devices, 12)}`)
        }${more > 0 && html`<p class="pad"><b>${more} more lines</b>: read them with <code>eosflow show</code></p>`}</div>`
      })}${rest.length > 0 && html`<p class="pad"><b>${switches(rest.flatMap(({ devices }) => devices).length)} more</b>: read them with <code>eosflow show</code></p>`}</div></section>`
  )
}
