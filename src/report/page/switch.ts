import { errorRecord } from '../../model/error.ts'
import type { Drift } from '../drift/drift.ts'
import { duration } from '../text/count.ts'
import { address } from './address.ts'
import { badge } from './badge.ts'
import { diffBlock } from './diff.ts'
import { type ExecutionItem, executionTable } from './execution-item.ts'
import { actForm } from './form.ts'
import { html } from './html.ts'
import type { PageContent } from './layout.ts'
import { withQuery } from './query.ts'
import { searchedCard } from './searched.ts'
import { type ShownSource, type SwitchItem, sourceLink, standing } from './switches.ts'
import { moment } from './time-words.ts'

export interface SwitchView {
  readonly now: number
  readonly csrf: string
  readonly item: SwitchItem
  readonly identity?: { readonly model: string; readonly eos: string; readonly serial: string } | undefined
  /** What was found when it was compared last; absent before the first time. */
  readonly drift?: Drift | undefined
  /** What it was compared with, as this viewer may be told; absent: as the comparison says. */
  readonly comparedWith?: ShownSource | undefined
  /** The executions that were about it, newest first. */
  readonly changes: readonly ExecutionItem[]
  /** Back to when they were looked for, ISO 8601, where they are not all that are asked for, and the cursor to go on with. */
  readonly searched?: { readonly to: string; readonly next: string } | undefined
  readonly mayRead: boolean
}

export function switchPage(data: SwitchView): PageContent {
  const { item, changes, now, identity, csrf, mayRead, searched } = data
  const { name, reached, tags, changing } = item
  const body = html`<div class="head"><div>
    <p class="small"><a href="${address.switches}">Switches</a></p>
    <h1>${name}</h1>
    <p class="lede"><span class="mono">${reached}</span>${identity !== undefined && ` · ${identity.model} · EOS ${identity.eos} · ${identity.serial}`}</p>
    <div class="row below">${badge(standing(item))}${Object.entries(tags).map(([tag, value]) => html`<span class="tag">${tag}:${value}</span>`)}</div></div>
    ${
      mayRead &&
      html`<div class="acts">${actForm({ action: address.driftChecks, csrf, label: 'Drift' }, html`<input type="hidden" name="switch" value="${name}"><button class="btn" type="submit">Check for drift</button>`)}</div>`
    }</div>
    ${item.isUnknown && html`<p class="notice bad"><b>Nobody knows what is on ${name}.</b> Look at it now, then type <code>eosflow recover ${name}</code></p>`}
    ${changing !== undefined && html`<p class="notice run">An execution is changing it: <a href="${address.execution(changing)}">${changing}</a></p>`}
    <section aria-labelledby="drift"><h2 id="drift">Against what was confirmed</h2>${driftCard(data)}</section>
    <section aria-labelledby="changes"><h2 id="changes">Last changes <a class="more" href="${withQuery(address.executions, { switch: name })}">all of ${name}</a></h2>
    ${changes.length > 0 ? html`<div class="card">${executionTable(changes, now)}</div>` : searched === undefined && html`<div class="card pad empty"><p>eosflow has not changed it yet.</p></div>`}
    ${searched !== undefined && searchedCard('execution', searched.to, now, withQuery(address.executions, { switch: name, after: searched.next }))}</section>`
  return { title: name, current: 'switches', body }
}

function driftCard({ drift, comparedWith, now, item }: SwitchView) {
  const at = item.drift?.at
  const when = at === undefined ? '' : html`, ${moment(at, now)}`
  if (drift === undefined) {
    return html`<div class="card pad"><p>${
      item.confirmed === undefined
        ? 'There is nothing to compare with: no change of eosflow was confirmed on it, and no snapshot holds it.'
        : html`Nobody has looked since it was confirmed by ${sourceLink(item.confirmed.source)}, ${moment(item.confirmed.since, now)}.`
    }</p></div>`
  }
  if (drift.state === 'unknown')
    return html`<div class="card pad"><p>There is nothing to compare with: no change of eosflow was confirmed on it, and no snapshot holds it.</p></div>`
  if (drift.state === 'unread') {
    const { message, hint } = errorRecord(drift.failure)
    return html`<div class="card pad"><p><b>It could not be read</b>${when}: ${message}</p>${hint !== undefined && html`<p class="muted">${hint}</p>`}</div>`
  }
  const { config, source: compared, since, unsaved, startup, armed } = drift
  const source = comparedWith ?? compared
  const signed = (sign: string) => config.filter((line) => line.sign === sign).length
  return html`<div class="card clip"><div class="pad">
    <p>${
      drift.state === 'same'
        ? html`<b>As it was confirmed</b> by ${sourceLink(source)}, ${moment(since, now)}`
        : html`<b>It differs: +${signed('+')} −${signed('-')} lines</b> since it was confirmed by ${sourceLink(source)}, ${moment(since, now)}`
    }${at !== undefined && html`. Looked at ${moment(at, now)}`}.</p>
    ${unsaved && armed === undefined && html`<p class="live-ink">▲ running-config is not saved: a reboot would change it.</p>`}
    ${startup === 'unknown' && html`<p class="live-ink">▲ startup-config cannot be read: nobody knows what a reboot would bring back.</p>`}
    ${armed !== undefined && html`<p class="live-ink">▲ Session <span class="mono">${armed.session}</span> was under a commit timer, ${duration(armed.secondsLeft)} left then: do not save while it runs.</p>`}
    </div>${config.length > 0 && diffBlock(config, `How ${item.name} differs`)}</div>`
}
