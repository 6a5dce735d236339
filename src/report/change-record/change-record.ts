import { z } from 'zod'
import { deviceEnds } from '../../change/engine/outcome.ts'
import { planDigest } from '../../change/plan/make-plan.ts'
import type { Plan, PlanContent } from '../../change/plan/plan.ts'
import { verifyOf } from '../../change/plan/settled.ts'
import { eventsIn, excerptSchema } from '../../change/record/audit/audit-trail.ts'
import { checkpointKeyId } from '../../change/record/audit/chains-checkpoint.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { givenJson } from '../../model/json.ts'
import { identityOf } from '../../model/principal.ts'
import { digestBlock, groupDiff, heads, switchGroup } from '../page/diff.ts'
import { checksList, disruptionCard, disruptionLine, happening, warnings, whySection } from '../page/execution.ts'
import { flowCard } from '../page/flow.ts'
import { type Html, html, listed } from '../page/html.ts'
import { lanes, toneBadge } from '../page/lanes.ts'
import { networkOf, networkSentence } from '../phrases/disruption.ts'
import { END_WORDS } from '../phrases/end-words.ts'
import { groupBySkeleton } from '../plan/group-lines.ts'
import { rebaseWords } from '../plan/plan-statements.ts'
import { count, switches } from '../text/text.ts'
import type { ExecutionView } from '../view/execution-view.ts'
import { viewOf } from '../view/view-of.ts'
import { foldViews, newView, type ViewState } from '../view/view-state.ts'
import { END_TONE } from '../view/waves-of.ts'

// Version 1.
const changeRecordSchema = z.strictObject({
  kind: z.literal('eosflow.change-record'),
  v: z.literal(1),
  // The eosflow that has made the page: another one may word it otherwise.
  version: z.string(),
  execution: z.string(),
  excerpt: excerptSchema,
  // The content of the plan, whose digest is on record; null where there is none, or it is of an earlier form.
  plan: z.custom<PlanContent | null>((value) => value !== undefined),
})

export type ChangeRecord = Readonly<z.output<typeof changeRecordSchema>>

// What stands before the data in a page, and behind it.
const BEFORE = '<script type="application/json" id="eosflow-change-record">'
const BEHIND = '</script>'

export function embedded(record: ChangeRecord): string {
  return `${BEFORE}${JSON.stringify(record).replaceAll('<', '\\u003c')}${BEHIND}`
}

/** Reads the data out of a page; undefined where the page has none, or not of this form. */
export function changeRecordIn(page: string): ChangeRecord | undefined {
  return changeRecordSchema.safeParse(dataIn(page)).data
}

export function otherVersionIn(page: string): number | undefined {
  const read = z.object({ excerpt: z.object({ v: z.int() }) }).safeParse(dataIn(page))
  return read.success && read.data.excerpt.v !== 2 ? read.data.excerpt.v : undefined
}

function dataIn(page: string): unknown {
  const from = page.lastIndexOf(BEFORE)
  const to = page.indexOf(BEHIND, from)
  if (from < 0 || to < 0) return undefined
  try {
    return givenJson(page.slice(from + BEFORE.length, to))
  } catch {
    return undefined
  }
}

interface PlanOfRecord {
  readonly plan: string | undefined
  readonly rebases: string | undefined
}

export function belongsTo(event: JournalEvent, execution: string, { plan, rebases }: PlanOfRecord): boolean {
  if (event.execution === execution) return true
  switch (event.type) {
    case 'ApprovalDecided':
      return event.statement.plan === plan || (rebases !== undefined && event.statement.plan === rebases)
    case 'ApprovalCarried':
      return event.to === plan
    case 'StopRequested':
      return event.stopped === execution
    case 'SuspendRequested':
      return event.suspended === execution
    default:
      return false
  }
}

export function contentOf({ excerpt, plan, execution }: ChangeRecord): {
  readonly events: readonly JournalEvent[]
  readonly plan?: Plan
} {
  const events = eventsIn(excerpt)
  const made = events.findLast((event) => event.type === 'PlanMade' && event.execution === execution)
  if (plan === null || made?.type !== 'PlanMade' || planDigest(plan) !== made.digest) return { events }
  const evidence = { createdAt: made.at, deviceDiffs: {}, state: {} }
  return { events, plan: { version: 3, digest: made.digest, content: plan, evidence } }
}

/** The end of an execution says how many records it has before it. */
export function leftOut(record: ChangeRecord): string | undefined {
  const { events, plan } = contentOf(record)
  const own = events.filter(({ execution }) => execution === record.execution)
  const made = own.findLast((event) => event.type === 'PlanMade')
  const begun = own.find((event) => event.type === 'ExecutionStarted')
  const plans = { plan: made?.digest, rebases: begun?.rebases }
  const strange = events.find((event) => !belongsTo(event, record.execution, plans))
  if (strange !== undefined) return `record ${strange.seq} in it is not of this change`
  if (record.plan !== null && plan === undefined) return 'the plan in it is not the one whose digest is on record'
  const [ended] = own.filter(({ type }) => type === 'ExecutionEnded').slice(-1)
  if (ended?.type !== 'ExecutionEnded')
    return 'the change has not ended in it: only the record of one that has ended shows that nothing is left out'
  if (ended.records === undefined) return 'the end of the change in it does not say how many records it has before it'
  if (made !== undefined && plan === undefined) return 'the plan whose digest is on record is not in it'
  return own.flatMap((event, before) => missing(event, before)).at(0) ?? missingDecision(events)
}

function missing(event: JournalEvent, before: number) {
  if (event.type !== 'ExecutionEnded' || event.records === undefined || event.records === before) return []
  return [
    `records of the change are missing in it: ${before} of the ${event.records} before record ${event.seq} are there`,
  ]
}

function missingDecision(events: readonly JournalEvent[]) {
  const given = new Set(events.flatMap((event) => (event.type === 'ApprovalDecided' ? [event.statement.nonce] : [])))
  const used = events.find((event) => event.type === 'ApprovalUsed' && !given.has(event.nonce))
  return used === undefined ? undefined : `the approval that record ${used.seq} uses is not in it`
}

type Decided = Extract<JournalEvent, { type: 'ApprovalDecided' }>

/** It is made of the data that is in it and of nothing else, so that whoever has the same eosflow can make it again and compare. Throws `store` for a record that is none. */
export function changeRecordPage(record: ChangeRecord): string {
  const { events, plan } = contentOf(record)
  const state = foldViews(newView(record.execution), events)
  const decisions = events.filter((event) => event.type === 'ApprovalDecided')
  const view = viewOf(state, {
    now: Date.parse(events.at(-1)?.at ?? '1970-01-01T00:00:00.000Z'),
    decisions,
    ...(plan === undefined ? {} : { terms: (device) => verifyOf(plan.content, device) }),
  })
  const body = html`<main><p class="row">${toneBadge(view.mark)} <span class="muted">${view.workflow} · <span class="mono">${view.id}</span></span></p>
    <h1>${view.headline}</h1><p class="lede">${view.title}. ${view.unattended}</p>
    ${disruptionLine(view)}${askedSection(state, view)}${whySection(view)}${endsSection(state)}
    ${plan !== undefined && planSection(plan)}${decisionsSection(decisions)}
    ${flowCard(view)}
    ${view.waves.length > 0 && html`<section><h2>When</h2><div class="card">${lanes(view, {}, Number.POSITIVE_INFINITY)}${warnings(view)}</div></section>`}
    ${checksList(view)}${disruptionCard(view)}${happenedSection(view)}${chainSection(record)}</main>`
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

// Times of a record are in UTC, to the second.
function timeOf(at: string) {
  return html`<time datetime="${at}">${at.slice(0, 19).replace('T', ' ')} UTC</time>`
}

function askedSection({ execution }: ViewState, view: ExecutionView) {
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

function endsSection({ execution }: ViewState) {
  if (execution.status !== 'ended') return false
  const rows = Object.entries(deviceEnds(execution)).map(
    ([name, end]) =>
      html`<tr><th scope="row">${name}</th><td>${toneBadge({ tone: END_TONE[end], word: END_WORDS[end] })}</td><td>${endDetail(execution, name)}</td></tr>`,
  )
  return html`<section><h2>Where each switch ended</h2><div class="card"><table>${heads('Switch', 'End', 'What was read')}<tbody>${rows}</tbody></table></div></section>`
}

function endDetail(execution: ViewState['execution'], name: string) {
  const detail = execution.ends.get(name)?.detail
  const network = networkOf(execution, name)
  return network === undefined ? detail : `${detail}; ${networkSentence(network)}`
}

function planSection(plan: Plan) {
  const { content } = plan
  const { timers, waves, atomic } = content
  return html`<section><h2>Plan <span class="n">${switches(waves.flat().length)} in ${count(waves.length, 'wave')}</span></h2><div class="card">
    <p class="pad">Each switch puts itself back ${timers.confirmWithin} s after its commit unless it is confirmed. It had to be good for ${timers.stableFor} s within ${timers.verifyWithin} s. Confirmed together: ${atomic === 'change' ? 'all switches' : `each ${atomic}`}.</p>
    ${rebaseWords(content).map((words) => html`<p class="pad">${words}.</p>`)}
    ${groupBySkeleton(plan).map((group) => {
      const names = listed(group.devices, 12)
      return group.lines.length === 0
        ? html`<p class="pad muted">No change: ${names}</p>`
        : switchGroup(names, `+${group.added} −${group.removed}`, groupDiff(group, `Change of ${names}`))
    })}
    <div class="pad">${digestBlock(plan.digest)}</div></div></section>`
}

// Who decided, in their statement byte for byte, and what vouches for it.
function decisionsSection(decisions: readonly Decided[]) {
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

function happenedSection(view: ExecutionView) {
  const { events, earlier } = view.happened
  return html`<section><h2>What happened <span class="n">times in UTC</span></h2><div class="card"><ul class="ev">${
    earlier > 0 && html`<li><span></span><span>${earlier} earlier entries</span></li>`
  }${events.map(happening)}</ul></div></section>`
}

function chainSection({ excerpt, version }: ChangeRecord) {
  const { origin, checkpoint } = excerpt
  const key = checkpointKeyId(checkpoint)
  return html`<section><h2>What vouches for this page</h2><div class="card pad"><p>It is made of ${count(eventsIn(excerpt).length, 'record')} of the chain of the change and of the register of the store <span class="mono">${origin}</span>. They are in this file, byte for byte as they were hashed; of the records of others between them only the digests. This checkpoint is signed over the last of them${key !== undefined && html` with the key <span class="mono">${key}</span>`}:</p><pre>${checkpoint}</pre>
    <p>eosflow ${version} made this page. <code>eosflow audit verify FILE --pubkey KEY</code> follows the chain to the checkpoint, judges its signature by the public key that the store's owner gives, and makes the page again from the records: each byte must be the same.</p></div></section>`
}

const STYLE = [
  ':root{--ink:#16202b;--mute:#566270;--faint:#626d79;--line:#e1e5e9;--card:#fff;--ok:#176c42;--ok-bg:#e4f3ea;--run:#1c57c0;--run-bg:#e6eefc;--live:#8f5200;--live-bg:#fdf1dc;--bad:#b3261e;--bad-bg:#fbe7e5;--undo:#6342b1;--undo-bg:#efe9fb}',
  '*{box-sizing:border-box}body{margin:0;color:var(--ink);background:#f6f7f8;font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}',
  'main{max-width:1100px;margin:0 auto;padding:26px}h1{font-size:25px;line-height:1.25;margin:6px 0}h2{font-size:14px;color:var(--mute);margin:0 0 8px}.n,.muted{color:var(--mute);font-weight:400}.lede{color:var(--mute);margin:0}',
  'section{margin-top:24px}.card{background:var(--card);border:1px solid var(--line);border-radius:10px;overflow:hidden}:is(ul,ol,dl).card{margin:0;padding:0}.pad{padding:12px 18px;margin:0}',
  'pre,code,.mono{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,monospace;font-size:.87em}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:8px 0}',
  'table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:7px 10px;border-top:1px solid var(--line);vertical-align:top}thead th{border-top:0;color:var(--faint);font-weight:500}tr>:first-child{padding-left:18px}',
  '.pairs>div{display:grid;grid-template-columns:130px minmax(0,1fr);gap:12px;padding:5px 18px;overflow-wrap:anywhere}.pairs dt{color:var(--mute)}.pairs dd{margin:0}',
  '.list,.why,.ev,.steps,.states{list-style:none}.list>li{padding:12px 18px;border-top:1px solid var(--line)}.list>li:first-child{border-top:0}',
  '.st{font-weight:600;font-size:13px;border-radius:99px;padding:2px 10px;display:inline-flex;gap:6px}.st.ok{color:var(--ok);background:var(--ok-bg)}.st.run{color:var(--run);background:var(--run-bg)}.st.live{color:var(--live);background:var(--live-bg)}.st.bad{color:var(--bad);background:var(--bad-bg)}.st.undo{color:var(--undo);background:var(--undo-bg)}.st.idle{color:var(--mute);background:#eef0f3}',
  '.steps{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0;padding:0;font-size:13px;color:var(--faint)}.steps .done{color:var(--ok)}.steps .now{color:var(--run);font-weight:600}.steps .fail{color:var(--bad);font-weight:600}.steps .undo{color:var(--undo);font-weight:600}.steps small{display:block}',
  '.graph{display:block;margin:0 auto;max-width:100%}.way{fill:none;stroke:#868f9a;stroke-width:1.5}.way.caught{stroke-dasharray:4 4}.tip{fill:#868f9a}.node{fill:#fff;stroke:var(--line)}.node-word{font-size:13px;fill:var(--faint)}.node.done{fill:var(--ok-bg);stroke:var(--ok)}.node-word.done{fill:var(--ok)}.node.now{fill:var(--run-bg);stroke:var(--run)}.node-word.now{fill:var(--run)}.node.failed{fill:var(--bad-bg);stroke:var(--bad)}.node-word.failed{fill:var(--bad)}.node.caught{fill:var(--live-bg);stroke:var(--live)}.node-word.caught{fill:var(--live)}.states{margin:8px 0;padding:0}',
  '.warnings{margin:0;padding:8px 18px 8px 36px;font-size:13px;color:var(--live);border-top:1px solid var(--line)}',
  '.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}',
  '.why{margin:0;padding:8px 18px}.why li{display:grid;grid-template-columns:220px minmax(0,1fr);gap:10px;padding:6px 0;overflow-wrap:anywhere}.why p{margin:0}.f{color:var(--bad);font-weight:700}.p{color:var(--ok)}.w{color:var(--faint)}.m td,.m th{text-align:center}.m tr>:first-child{text-align:left}',
  '.ev{margin:0;padding:6px 0}.ev li{display:grid;grid-template-columns:70px minmax(0,1fr);gap:8px;padding:4px 18px;font-size:13.5px;overflow-wrap:anywhere}.ev time{color:var(--faint)}.ev .x{color:var(--bad)}.ev .u{color:var(--undo)}',
  '.diff-in{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,monospace;font-size:.87em}.dl{padding:0 18px;white-space:pre-wrap;overflow-wrap:anywhere}.dl.add{background:#e7f5ec;color:#145736}.dl.del{background:#fcebea;color:#8f2219}.dl mark{background:none;color:inherit;font-weight:700;border-bottom:2px dotted}.values{padding:8px 18px}.group-head{padding:10px 18px 4px;margin:0}',
  '.digest{display:grid;grid-template-columns:repeat(8,max-content);gap:2px 11px}.digest .first{font-weight:700}',
  '.tl{padding:6px 0 12px}.axis,.lane{display:grid;grid-template-columns:110px minmax(0,1fr) 230px;align-items:center;padding:3px 0}.track{display:block}.axis text{font-size:12px;fill:var(--faint)}.wave{font-size:12px;color:var(--faint);padding:8px 18px 0}.nm{padding-left:18px;font-weight:600}.rs{padding:0 18px 0 14px;display:flex;flex-direction:column;align-items:flex-start;color:var(--mute);overflow-wrap:anywhere}.rs small{font-size:12px}',
  '.seg{fill:var(--faint)}.seg.verify{fill:var(--run-bg);stroke:var(--run)}.seg.bad{fill:var(--bad-bg);stroke:var(--bad)}.seg.hold{fill:var(--ok-bg);stroke:var(--ok)}.seg.confirm{fill:var(--live)}.seg.keep{fill:var(--ok)}.seg.back{fill:var(--undo)}.seg.unknown{fill:none;stroke:var(--bad);stroke-dasharray:3 3}.seg-word{font-size:11.5px;fill:var(--ink)}.seg-word.load,.seg-word.confirm,.seg-word.keep,.seg-word.back{fill:#fff}',
  '.fuse{stroke:#c9cfd6;stroke-width:3;stroke-dasharray:6 4}.fuse.on{stroke:#d99a25}.now{stroke:var(--run);stroke-width:2}.planned{fill:none;stroke:#868f9a;stroke-dasharray:4 4}.legend svg{margin-right:6px}.legend{display:flex;gap:6px 16px;flex-wrap:wrap;font-size:12.5px;color:var(--mute);padding:10px 18px;border-top:1px solid var(--line)}',
  '@media print{body{background:#fff}main{padding:0}section{break-inside:avoid-page}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}',
].join('')
