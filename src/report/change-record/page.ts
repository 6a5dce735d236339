import { deviceEnds } from '../../engine/outcome.ts'
import { checkpointKeyId } from '../../journal/audit/checkpoint-key.ts'
import { eventsIn } from '../../journal/audit/excerpt.ts'
import type { JournalEvent } from '../../journal/event.ts'
import { identityOf } from '../../model/principal.ts'
import type { Plan } from '../../plan/plan.ts'
import { verifyOf } from '../../plan/settled.ts'
import { groupBySkeleton } from '../../plan/skeleton.ts'
import { count, switches } from '../count.ts'
import { END_WORDS } from '../end-words.ts'
import { checksMatrix } from '../page/checks-matrix.ts'
import { groupDiff } from '../page/diff.ts'
import { digestBlock } from '../page/digest.ts'
import { warnings } from '../page/execution.ts'
import { happening } from '../page/execution-aside.ts'
import { flowCard } from '../page/flow.ts'
import { type Html, html } from '../page/html.ts'
import { lanes } from '../page/lanes.ts'
import { listed } from '../page/names.ts'
import { toneBadge } from '../page/tone-badge.ts'
import { whySection } from '../page/why.ts'
import type { ExecutionView } from '../view/execution-view.ts'
import { END_TONE } from '../view/switch-label.ts'
import { viewOf } from '../view/view-of.ts'
import { foldViews, newView, type ViewState } from '../view/view-state.ts'
import { type ChangeRecord, contentOf, embedded } from './change-record.ts'
import { STYLE } from './style.ts'

type Decided = Extract<JournalEvent, { type: 'ApprovalDecided' }>

/**
 * The record of a change as one page that needs nothing else: no script runs in it, and it asks nobody for anything. It is made of the data
 * that is in it and of nothing else, so that whoever has the same eosflow can make it again and compare. Throws `store` for a record that is
 * none.
 */
export function changeRecordPage(record: ChangeRecord): string {
  const { events, plan } = contentOf(record)
  const state = foldViews(newView(record.execution), events)
  const decisions = events.flatMap((event) => (event.type === 'ApprovalDecided' ? [event] : []))
  const view = viewOf(state, {
    now: Date.parse(events.at(-1)?.at ?? '1970-01-01T00:00:00.000Z'),
    decisions,
    ...(plan === undefined ? {} : { terms: (device) => verifyOf(plan.content, device) }),
  })
  const body = html`<main><p class="row">${toneBadge(view.mark)} <span class="muted">${view.workflow} · <span class="mono">${view.id}</span></span></p>
    <h1>${view.headline}</h1><p class="lede">${view.title}. ${view.unattended}</p>
    ${askedSection(state, view)}${whySection(view)}${endsSection(state)}
    ${plan !== undefined && planSection(plan)}${decisionsSection(decisions)}
    ${flowCard(view)}
    ${view.waves.length > 0 && html`<section><h2>When</h2><div class="card">${lanes(view, {}, Number.POSITIVE_INFINITY)}${warnings(view)}</div></section>`}
    ${checksMatrix(view)}${happenedSection(view)}${chainSection(record)}</main>`
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    html`<title>${view.title} · ${view.id} · eosflow</title>`.toString(),
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    body.toString(),
    embedded(record),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

/** Times of a record are in UTC, to the second. */
function timeOf(at: string): Html {
  return html`<time datetime="${at}">${at.slice(0, 19).replace('T', ' ')} UTC</time>`
}

function askedSection({ execution }: ViewState, view: ExecutionView): Html {
  const { requester, file, params, definition, targets } = execution
  const row = (name: string, value: Html | string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`
  return html`<section><h2>What was asked</h2><dl class="card pairs">
    ${row('Workflow', `${view.workflow} (${file})`)}
    ${row('Parameters', html`<code>${JSON.stringify(params)}</code>`)}
    ${row('Switches', targets.length === 0 ? 'none' : targets.join(' '))}
    ${requester !== undefined && row('Asked by', `${requester.display ?? requester.id}, ${requester.kind} (${identityOf(requester)})`)}
    ${view.startedAt !== null && row('Begun', timeOf(view.startedAt))}
    ${row('Ended', view.endedAt === null ? 'it has not ended' : timeOf(view.endedAt))}
    ${row('Definition', html`<span class="mono">${definition}</span>`)}
    </dl></section>`
}

/** Where every switch ended, and what was read there. */
function endsSection({ execution }: ViewState): Html | false {
  if (execution.status !== 'ended') return false
  const rows = Object.entries(deviceEnds(execution)).map(
    ([name, end]) =>
      html`<tr><th scope="row">${name}</th><td>${toneBadge({ tone: END_TONE[end], word: END_WORDS[end] })}</td><td>${execution.ends.get(name)?.detail}</td></tr>`,
  )
  return html`<section><h2>Where each switch ended</h2><div class="card"><table><thead><tr><th scope="col">Switch</th><th scope="col">End</th><th scope="col">What was read</th></tr></thead><tbody>${rows}</tbody></table></div></section>`
}

function planSection(plan: Plan): Html {
  const { content } = plan
  const { timers, waves, atomic } = content
  return html`<section><h2>Plan <span class="n">${switches(waves.flat().length)} in ${count(waves.length, 'wave')}</span></h2><div class="card">
    <p class="pad">Each switch puts itself back ${timers.confirmWithin} s after its commit unless it is confirmed. It had to be good for ${timers.stableFor} s within ${timers.verifyWithin} s. Confirmed together: ${atomic === 'change' ? 'all switches' : `each ${atomic}`}.</p>
    ${groupBySkeleton(plan).map((group) => {
      const names = listed(group.devices, 12)
      return group.lines.length === 0
        ? html`<p class="pad muted">No change: ${names}</p>`
        : html`<div class="group"><p class="group-head"><b>${names}</b> <span class="muted">+${group.added} −${group.removed}</span></p>${groupDiff(group, `Change of ${names}`)}</div>`
    })}
    <div class="pad">${digestBlock(plan.digest)}</div></div></section>`
}

/** Who decided, in their statement byte for byte, and what vouches for it. */
function decisionsSection(decisions: readonly Decided[]): Html | false {
  if (decisions.length === 0) return false
  return html`<section><h2>Decisions</h2><ul class="card list">${decisions.map(
    ({ statement, signature, seal, at }) =>
      html`<li><b>${statement.approver.display ?? identityOf(statement.approver)}</b> ${
        statement.decision === 'approve' ? 'approved' : 'rejected'
      } it, ${timeOf(at)}${statement.comment !== '' && html`: ${statement.comment}`}
      <details><summary>Statement and signature</summary><pre>${JSON.stringify(statement, null, 2)}</pre><pre>${
        signature === undefined ? `sealed by the store: ${seal}` : JSON.stringify(signature, null, 2)
      }</pre></details></li>`,
  )}</ul></section>`
}

function happenedSection(view: ExecutionView): Html {
  const { events, earlier } = view.happened
  return html`<section><h2>What happened <span class="n">times in UTC</span></h2><div class="card"><ul class="ev">${
    earlier > 0 && html`<li><span></span><span>${earlier} earlier entries</span></li>`
  }${events.map(happening)}</ul></div></section>`
}

/** What vouches for the page, and how that is checked. */
function chainSection({ excerpt, version }: ChangeRecord): Html {
  const { origin, checkpoint } = excerpt
  const key = checkpointKeyId(checkpoint)
  return html`<section><h2>What vouches for this page</h2><div class="card pad"><p>It is made of ${count(eventsIn(excerpt).length, 'record')} of the chain of the change and of the register of the store <span class="mono">${origin}</span>. They are in this file, byte for byte as they were hashed; of the records of others between them only the digests. This checkpoint is signed over the last of them${key !== undefined && html` with the key <span class="mono">${key}</span>`}:</p><pre>${checkpoint}</pre>
    <p>eosflow ${version} made this page. <code>eosflow audit verify FILE --pubkey KEY</code> follows the chain to the checkpoint, judges its signature by the public key that the store's owner gives, and makes the page again from the records: each byte must be the same.</p></div></section>`
}
