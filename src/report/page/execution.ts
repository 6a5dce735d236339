import type { ShownPlan } from '../../change/plan/plan.ts'
import { groupBySkeleton } from '../../change/plan/skeleton.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { changeFileWords } from '../phrases/change-file-words.ts'
import { spokenSwitches } from '../phrases/spoken.ts'
import { short, switches } from '../text/count.ts'
import type { ExecutionView } from '../view/execution-view.ts'
import { address } from './address.ts'
import { firstChanges, MOST_VALUES, moreChanges } from './changes-shown.ts'
import { checksList } from './checks-list.ts'
import { diffBlock, groupDiff } from './diff.ts'
import { copyButton } from './digest.ts'
import { disruptionCard, disruptionLine } from './disruption.ts'
import { approvalsCard, happenedCard } from './execution-aside.ts'
import { siteLinksHtml } from './execution-item.ts'
import { flowCard } from './flow.ts'
import { attributes, type Html, html } from './html.ts'
import { lanes, MOST_ROWS, pageOfLanes, type SwitchSelection } from './lanes.ts'
import type { PageContent } from './layout.ts'
import { listed } from './names.ts'
import { prose } from './prose.ts'
import { withQuery } from './query.ts'
import { type Region, region } from './region.ts'
import { toneBadge } from './tone-badge.ts'
import { whySection } from './why.ts'

export type ExecutionAct = 'approve' | 'read' | 'stop' | 'suspend' | 'resume' | 'redrive' | 'rollback'

export interface ExecutionPageData {
  readonly view: ExecutionView
  /** Absent before it is made, and where the viewer may not read it. */
  readonly plan?: ShownPlan
  readonly acts: readonly ExecutionAct[]
  /** Which of many switches are shown, a row each; absent: all, those in one place together. */
  readonly switches?: SwitchSelection | undefined
  /** Where the stream of its events is; absent once it has ended. */
  readonly stream?: string
}

/**
 * The page of an execution in the order in which somebody who was called reads it: the verdict in a sentence, what happens if nobody acts,
 * why it failed, how far it is, when what happened, the checks, the change, what happened, the way to the record.
 */
export function executionPage({ view, plan, acts, switches: asked, stream }: ExecutionPageData): PageContent {
  const [head, flow, checks, aside] = executionRegions(view, asked)
  const body = html`<div class="head">${head.html}${actButtons(view, acts)}</div>${changeFileWords(plan?.content.changeFile).map((words) => html`<div class="small muted break">${words}</div>`)}
    ${flow.html}
    <div class="grid cols"><div>${checks.html}${plan !== undefined && changeSection(plan, view)}</div>${aside.html}</div>`
  return { title: view.title, current: 'executions', body, ...definedMembers({ stream }) }
}

export function executionRegions(
  view: ExecutionView,
  asked: SwitchSelection = {},
): readonly [Region, Region, Region, Region] {
  return [
    region('execution-head', headline(view), { standing: standingOf(view) }),
    region('execution-flow', flowRegion(view, asked)),
    region('execution-checks', html`${checksList(view)}${disruptionCard(view)}`),
    region('execution-aside', html`${happenedCard(view)}${approvalsCard(view)}`, { style: 'aside' }),
  ]
}

function standingOf({ mark, plan, needs }: ExecutionView) {
  return [mark.word, plan?.digest ?? 'no plan', ...needs.map(({ act }) => act)].join(' ')
}

function headline(view: ExecutionView) {
  return html`<div class="row">${toneBadge(view.mark)}<span class="muted small">${view.workflow} · <span class="mono">${view.id}</span></span></div>${view.sites !== undefined && html`<p class="muted small">${siteLinksHtml(view.sites)}</p>`}
    <h1>${view.headline}</h1>
    <p class="lede">${view.title}${view.plan !== null && ` on ${switches(view.plan.changed)}`}. ${view.unattended}</p>${disruptionLine(view)}${afterLine(view)}
    ${view.needs.filter(({ act }) => act !== 'approve').map(needCard)}`
}

function needCard({ act, words, devices }: ExecutionView['needs'][number]) {
  const style = act === 'look' || act === 'resume' ? 'bad' : 'run'
  return html`<div ${attributes({ class: `card need below ${style}` })}><div><b>${NEED_WORDS[act]}${devices.length > 0 && html`: ${spokenSwitches(devices)}`}</b><p class="says">${prose(capital(words))}.</p></div></div>`
}

function afterLine({ after }: ExecutionView) {
  if (after === undefined) return false
  return html`<p class="muted small"><a href="${address.schedules}">After the confirm</a>: ${after.words}</p>`
}

function capital(text: string) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

const NEED_WORDS: Readonly<Record<ExecutionView['needs'][number]['act'], string>> = {
  approve: 'Somebody has to decide',
  answer: 'Somebody has to answer',
  look: 'A person has to look',
  resume: 'Somebody has to resume it',
  redrive: 'It can be started again',
}

const ACT_WORDS: Readonly<Record<ExecutionAct, string>> = {
  approve: 'Read and decide',
  read: 'Read the plan',
  stop: 'Stop and put back',
  suspend: 'Suspend',
  resume: 'Resume',
  redrive: 'Redrive',
  rollback: 'Roll back',
}

const EXPECTED: ReadonlySet<ExecutionAct> = new Set(['approve', 'resume'])

function actButtons(view: ExecutionView, acts: readonly ExecutionAct[]) {
  if (acts.length === 0 && view.endedAt === null) return false
  return html`<div class="acts">${acts.map(
    (act) =>
      html`<a ${attributes({ class: `btn${act === 'stop' ? ' stop' : EXPECTED.has(act) ? ' pri' : ''}`, href: addressOf(view, act) })}>${ACT_WORDS[act]}</a>`,
  )}${view.endedAt !== null && html`<a class="btn" href="${address.report(view.id)}">Report</a>`}</div>`
}

function addressOf({ id, plan }: ExecutionView, act: ExecutionAct) {
  return act === 'approve' || act === 'read' ? address.approval(plan?.digest ?? '') : address.act(id, act)
}

function flowRegion(view: ExecutionView, asked: SwitchSelection) {
  const hasWhy = view.why.findings.length + view.why.failures.length > 0
  return html`${flowCard(view)}${whySection(view)}${
    hasTold(view) &&
    html`<section aria-labelledby="when"><h2 id="when">${hasWhy ? 'When' : 'Switch by switch'} ${sizeWords(view)}</h2>${endChips(view, asked)}<div class="card">${lanes(view, asked)}${lanePages(view, asked)}${warnings(view)}</div></section>`
  }`
}

function hasTold({ waves, warnings: told }: ExecutionView) {
  const [first, ...others] = waves.flatMap((wave) => wave.lanes)
  return first !== undefined && (others.length > 0 || first.segments.length > 0 || told.length > 0)
}

function lanePages(view: ExecutionView, asked: SwitchSelection) {
  const { id, waves, endedAt } = view
  if (waves.reduce((sum, wave) => sum + wave.lanes.length, 0) <= MOST_ROWS) return false
  const to = (page: number | undefined) =>
    withQuery(address.execution(id), { only: asked.only, page: page === undefined ? undefined : String(page) })
  if (asked.only === undefined && asked.page === undefined)
    return html`<p class="pad small"><a href="${to(1)}">Switch by switch, those that failed first</a></p>`
  const { page, pages, all } = pageOfLanes(view, asked)
  const [first, last] = [(page - 1) * MOST_ROWS + 1, Math.min(page * MOST_ROWS, all)]
  return html`<nav class="paging pad" aria-label="Pages of the switches">${page > 1 && html`<a class="btn sm" rel="prev" href="${to(page - 1)}">Before</a>`}
    <span class="muted small">${all === 0 ? 'none' : `${first} to ${last} of ${all}`}${endedAt === null && html`, as it was when this page was loaded · <a href="${address.execution(id)}">live</a>`}</span>
    ${page < pages && html`<a class="btn sm" rel="next" href="${to(page + 1)}">Next</a>`}</nav>`
}

function endChips({ id, waves, endedAt }: ExecutionView, { only, page }: SwitchSelection) {
  const all = waves.flatMap((wave) => wave.lanes)
  if ((endedAt === null && only === undefined && page === undefined) || all.length <= MOST_ROWS) return false
  const counts = new Map<string, number>()
  for (const { mark } of all) counts.set(mark.word, (counts.get(mark.word) ?? 0) + 1)
  if (counts.size < 2) return false
  const chip = (word: string | undefined, text: string) =>
    html`<a ${attributes({ href: withQuery(address.execution(id), { only: word }), 'aria-current': only === word && 'true' })}>${text}</a>`
  return html`<div class="chips flat" role="group" aria-label="Which switches">${chip(undefined, `All ${all.length}`)}${[
    ...counts,
  ].map(([word, many]) => chip(word, `${many} ${word}`))}</div>`
}

export function warnings(view: ExecutionView): Html | false {
  if (view.warnings.length === 0) return false
  return html`<ul class="warnings">${view.warnings.map(warning)}</ul>`
}

function warning(text: string) {
  const end = text.indexOf('. ')
  if (end === -1) return html`<li>${prose(text)}.</li>`
  return html`<li class="quiet"><details><summary>${prose(text.slice(0, end))}</summary>${prose(text.slice(end + 2))}.</details></li>`
}

function sizeWords({ plan, leftOut }: ExecutionView) {
  const parts = [
    ...(plan === null || plan.unchanged.length === 0 ? [] : [`${plan.unchanged.length} unchanged`]),
    ...(leftOut.length === 0 ? [] : [`${leftOut.length} left out`]),
  ]
  return html`<span class="n">${[`${plan?.changed ?? 0} to change`, ...parts].join(', ')}</span>`
}

function changeSection(plan: ShownPlan, view: ExecutionView) {
  const groups = groupBySkeleton(plan).filter(({ lines }) => lines.length > 0)
  const shown = firstChanges(groups)
  const sum = (of: 'added' | 'removed') => groups.reduce((total, group) => total + group[of] * group.devices.length, 0)
  const count = `+${sum('added')} −${sum('removed')} on ${switches(plan.content.waves.flat().length)}`
  const now = view.outcome === 'rolled-back' || view.outcome === 'cancelled' ? ', not in force' : ''
  return html`<section aria-labelledby="change"><h2 id="change">Change <span class="n">${count}${now}</span></h2>
    <div class="card clip">${shown.map((group) => {
      const names = listed(group.devices, 12)
      const label = `Change of ${names}`
      return html`<div class="group"><p class="group-head"><b>${names}</b> <span class="muted">+${group.added} −${group.removed}</span></p>${
        group.values.length === 0 ? diffBlock(group.lines, label) : groupDiff(group, label, MOST_VALUES)
      }</div>`
    })}${moreChanges(plan.digest, groups, shown)}<div class="foot"><p class="muted small">Plan <a class="mono" href="${address.approval(plan.digest)}">${short(plan.digest)}</a> ${copyButton(plan.digest)}</p></div></div></section>`
}
