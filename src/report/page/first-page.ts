import { type DriftSum, driftWords } from '../drift/drift-sum.ts'
import { switches } from '../text/count.ts'
import { address } from './address.ts'
import { html } from './html.ts'
import type { PageContent } from './layout.ts'
import { type Region, region } from './region.ts'
import { moment } from './time-words.ts'

/** What a project in which nothing was planned yet is known by. */
interface Beginning {
  readonly now: number
  readonly inventory: { readonly switches: number }
  /** What a comparison has found, and when (ISO 8601); undefined before the first. */
  readonly drift?: (DriftSum & { readonly at: string }) | undefined
}

/** A project in which nothing was planned yet: what comes first. */
export function firstPage(beginning: Beginning & { readonly stream: string | undefined }): PageContent {
  const { stream } = beginning
  const body = html`<div class="head">${firstHead(beginning).html}<div class="acts"><a class="btn pri" href="${address.workflows}">Plan your first change</a></div></div>
    <ol class="card list first-steps"><li><b>Plan</b><div class="muted">Choose a <a href="${address.workflows}">workflow</a>, fill in its form: you read the exact lines of every switch.</div></li>
    <li><b>Approve</b><div class="muted">Your approval holds for these lines and no others.</div></li>
    <li><b>Roll out</b><div class="muted">Each switch commits under its own timer, is verified, and is confirmed or puts itself back.</div></li></ol>`
  return { title: 'Overview', current: 'overview', body, ...(stream === undefined ? {} : { stream }) }
}

/** The head of that page, which the stream sends anew. Its standing is another one than that of an overview: with the first plan the page is asked for as a whole. */
export function firstHead({ now, inventory, drift }: Beginning): Region {
  const looked = drift !== undefined && html` Of these, ${driftWords(drift)}, looked at ${moment(drift.at, now)}.`
  return region(
    'overview-head',
    html`<h1>Plan your first change</h1><p class="lede">${switches(inventory.switches)} in the inventory.${looked} A plan asks the switches what a change would do, shows it line by line, and changes nothing.</p>`,
    { standing: 'first' },
  )
}
