import { switches } from '../count.ts'
import { address } from './address.ts'
import { html } from './html.ts'
import type { PageContent } from './layout.ts'
import { region } from './region.ts'

/** A project in which nothing was planned yet: what comes first. */
export function firstPage(many: number, stream: string | undefined): PageContent {
  const body = html`<div class="head">${region('overview-head', html`<h1>Plan your first change</h1><p class="lede">${switches(many)} in the inventory. A plan asks the switches what a change would do, shows it line by line, and changes nothing.</p>`).html}<div class="acts"><a class="btn pri" href="${address.workflows}">Plan your first change</a></div></div>
    <ol class="card list first-steps"><li><b>Plan</b><div class="muted">Choose a <a href="${address.workflows}">workflow</a>, fill in its form: you read the exact lines of every switch.</div></li>
    <li><b>Approve</b><div class="muted">Your approval holds for these lines and no others.</div></li>
    <li><b>Roll out</b><div class="muted">Each switch commits under its own timer, is verified, and is confirmed or puts itself back.</div></li></ol>`
  return { title: 'Overview', current: 'overview', body, ...(stream === undefined ? {} : { stream }) }
}
