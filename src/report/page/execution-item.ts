import { deviceEnds } from '../../change/engine/outcome.ts'
import type { DeviceEnd, DeviceEnds } from '../../model/act.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { identityOf, type Principal } from '../../model/principal.ts'
import type { ExecutionRow } from '../execution/row.ts'
import { changeTitle } from '../phrases/change-title.ts'
import { countedEnds } from '../phrases/end-words.ts'
import { personName } from '../phrases/person-name.ts'
import { type SiteLinks, siteLinks } from '../phrases/site-links.ts'
import { switches } from '../text/count.ts'
import { address, ago, attributes, badge, type Html, html, standingBadge } from './html.ts'
import { heads } from './pieces.ts'

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
