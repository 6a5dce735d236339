import type { ShownPlan } from '../../change/plan/plan.ts'
import { definedMembers, gathered } from '../../model/json.ts'
import { nameOf } from '../phrases/person-name.ts'
import { capital, changeFileWords, spokenSwitches } from '../phrases/spoken.ts'
import { groupBySkeleton, linesOn, type SkeletonGroup } from '../plan/group-lines.ts'
import { count, present, short, switches, tallied } from '../text/text.ts'
import { type ExecutionView, lanesIn } from '../view/execution-view.ts'
import { chip, copyButton, decidedSection, diffBlock, groupDiff, heads, pageStep, switchGroup } from './diff.ts'
import { flowCard } from './flow.ts'
import {
  address,
  attributes,
  type Html,
  html,
  listed,
  moment,
  namedSwitches,
  type PageContent,
  prose,
  withQuery,
} from './html.ts'
import { lanes, MOST_ROWS, pageOfLanes, type SwitchSelection, toneBadge } from './lanes.ts'
import { type Region, region } from './overview.ts'
import { siteLinksHtml } from './switches.ts'

export type ExecutionAct = 'approve' | 'read' | 'stop' | 'suspend' | 'resume' | 'redrive' | 'rollback'

interface ExecutionPageData {
  readonly view: ExecutionView
  // Absent before it is made, and where the viewer may not read it.
  readonly plan?: ShownPlan
  readonly acts: readonly ExecutionAct[]
  // Which of many switches are shown, a row each; absent: all, those in one place together.
  readonly switches?: SwitchSelection | undefined
  // Where the stream of its events is; absent once it has ended.
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

function hasTold(view: ExecutionView) {
  const [first, ...others] = lanesIn(view)
  return first !== undefined && (others.length > 0 || first.segments.length > 0 || view.warnings.length > 0)
}

function lanePages(view: ExecutionView, asked: SwitchSelection) {
  const { id, endedAt } = view
  if (lanesIn(view).length <= MOST_ROWS) return false
  const to = (page: number | undefined) =>
    withQuery(address.execution(id), { only: asked.only, page: page === undefined ? undefined : String(page) })
  if (asked.only === undefined && asked.page === undefined)
    return html`<p class="pad small"><a href="${to(1)}">Switch by switch, those that failed first</a></p>`
  const { page, pages, all } = pageOfLanes(view, asked)
  const [first, last] = [(page - 1) * MOST_ROWS + 1, Math.min(page * MOST_ROWS, all)]
  return html`<nav class="paging pad" aria-label="Pages of the switches">${page > 1 && pageStep('prev', to(page - 1))}
    <span class="muted small">${all === 0 ? 'none' : `${first} to ${last} of ${all}`}${endedAt === null && html`, as it was when this page was loaded · <a href="${address.execution(id)}">live</a>`}</span>
    ${page < pages && pageStep('next', to(page + 1))}</nav>`
}

function endChips({ id, waves, endedAt }: ExecutionView, { only, page }: SwitchSelection) {
  const all = lanesIn({ waves })
  if ((endedAt === null && only === undefined && page === undefined) || all.length <= MOST_ROWS) return false
  const counts = tallied(all.map(({ mark }) => mark.word))
  if (counts.size < 2) return false
  const link = (word: string | undefined, text: string) =>
    chip(withQuery(address.execution(id), { only: word }), only === word, text)
  return html`<div class="chips flat" role="group" aria-label="Which switches">${link(undefined, `All ${all.length}`)}${[
    ...counts,
  ].map(([word, many]) => link(word, `${many} ${word}`))}</div>`
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
  const parts = present(
    plan !== null && plan.unchanged.length > 0 && `${plan.unchanged.length} unchanged`,
    leftOut.length > 0 && `${leftOut.length} left out`,
  )
  return html`<span class="n">${[`${plan?.changed ?? 0} to change`, ...parts].join(', ')}</span>`
}

function changeSection(plan: ShownPlan, view: ExecutionView) {
  const groups = groupBySkeleton(plan).filter(({ lines }) => lines.length > 0)
  const shown = firstChanges(groups)
  const count = `+${linesOn(groups, 'added')} −${linesOn(groups, 'removed')} on ${switches(plan.content.waves.flat().length)}`
  const now = view.outcome === 'rolled-back' || view.outcome === 'cancelled' ? ', not in force' : ''
  return html`<section aria-labelledby="change"><h2 id="change">Change <span class="n">${count}${now}</span></h2>
    <div class="card clip">${shown.map((group) => {
      const names = listed(group.devices, 12)
      const label = `Change of ${names}`
      const diff = group.values.length === 0 ? diffBlock(group.lines, label) : groupDiff(group, label, MOST_VALUES)
      return switchGroup(names, `+${group.added} −${group.removed}`, diff)
    })}${moreChanges(plan.digest, groups, shown)}<div class="foot"><p class="muted small">Plan <a class="mono" href="${address.approval(plan.digest)}">${short(plan.digest)}</a> ${copyButton(plan.digest)}</p></div></div></section>`
}

type Happening = ExecutionView['happened']['events'][number]
type Approval = ExecutionView['approvals'][number]

// So many of the newest are shown, and so many before them are a click away; the record has all of them.
const [MOST, MOST_FOLDED] = [12, 40]

// What happened, the newest first, and the way to the record.
function happenedCard(view: ExecutionView) {
  const { events, earlier } = view.happened
  const newest = events.toReversed()
  const folded = newest.slice(MOST, MOST + MOST_FOLDED)
  const more = earlier + Math.max(0, events.length - MOST - MOST_FOLDED)
  const { first, last } = view.records
  return html`<section aria-labelledby="happened"><h2 id="happened">What happened</h2><div class="card"><ul class="ev" aria-live="polite" aria-label="What happened, newest first">${newest.slice(0, MOST).map(happening)}</ul>${
    folded.length > 0 &&
    html`<details class="foot small"><summary>${folded.length} before these</summary><ul class="ev">${folded.map(happening)}</ul></details>`
  }<div class="foot small muted">${more > 0 && html`${more} earlier · `}Records ${first} to ${last}, chained · <a class="nowrap" href="${address.records(view.id)}">all records</a></div></div></section>`
}

// A time to the second; the script of the page shows it in the time zone of the reader.
function secondOf(at: string) {
  return html`<time datetime="${at}" data-seconds="" title="${at.slice(0, 19).replace('T', ' ')} UTC">${at.slice(11, 19)}</time>`
}

export function happening({ at, devices, words, tone }: Happening): Html {
  const style = tone === 'bad' ? 'x' : tone === 'undo' ? 'u' : undefined
  return html`<li>${secondOf(at)}<span ${attributes({ class: style })}>${
    devices.length > 0 && html`<b>${spokenSwitches(devices)}</b> `
  }${words}</span></li>`
}

const PROOF: Readonly<Record<string, string>> = {
  ssh: 'with an SSH key',
  server: 'after a login',
  webauthn: 'with a passkey',
  seal: 'on this machine',
}

export function approvalsCard(view: ExecutionView): Html | false {
  return decidedSection(view.approvals.map((one) => approvalItem(one, view)))
}

function approvalItem({ decision, by, display, proof, at, expires, comment, isUsed }: Approval, view: ExecutionView) {
  const now = Date.parse(view.asOf)
  const did = decision === 'approve' ? 'approved' : 'rejected'
  return html`<li><b>${display ?? nameOf(by)}</b> ${did} ${PROOF[proof] ?? `by ${proof}`}, ${moment(at, now)}<div class="muted">${
    view.plan !== null && html`plan <span class="mono">${short(view.plan.digest)}</span> · `
  }${comment !== '' && html`${comment} · `}${isUsed ? 'used' : html`holds until ${moment(expires, now)}`}</div></li>`
}

type Finding = ExecutionView['why']['findings'][number]
type Failure = ExecutionView['why']['failures'][number]
type Reason = Finding['reasons'][number]

// So many reasons of one check are told at once; the others are one click away.
const MOST_REASONS = 4

export function whySection({ why, endedAt, status }: ExecutionView): Html | false {
  const { findings, failures } = why
  if (findings.length + failures.length === 0) return false
  const title = endedAt === null && status === 'running' ? 'Not good yet' : 'Why'
  return html`<section aria-labelledby="why"><h2 id="why">${title}</h2><div class="card"><ul class="why">${findings.map(
    findingItem,
  )}${failures.map(failureItem)}</ul></div></section>`
}

const MOST_NAMES = 30

function whose(device: string, alike: readonly string[]) {
  const names = [device, ...alike]
  if (names.length < 4) return html`<b>${spokenSwitches(names)}</b>`
  return html`<details class="names"><summary><b>${switches(names.length)}</b></summary>${listed(names, MOST_NAMES)}</details>`
}

function findingItem({ device, alike = [], of, check, status, reasons }: Finding) {
  const [shape, word] = status === 'fail' ? ['✕', 'not good'] : ['?', 'could not be judged']
  const first = reasons.slice(0, MOST_REASONS)
  const rest = reasons.slice(MOST_REASONS)
  return html`<li><span><span class="f" role="img" aria-label="${word}">${shape}</span> ${
    of === undefined ? whose(device, alike) : html`<b>${of}</b>`
  } <span class="muted">${check}${of !== undefined && `, beside ${spokenSwitches([device, ...alike])}`}</span></span><div>${first.map(reasonLine)}${
    rest.length > 0 && html`<details><summary>${rest.length} more</summary>${rest.map(reasonLine)}</details>`
  }</div></li>`
}

function reasonLine({ text, about, expected, actual }: Reason) {
  if (about === undefined || expected === undefined || actual === undefined) return html`<p>${prose(text)}</p>`
  return html`<p>${about}: <span class="muted">expected</span> ${expected}<span class="muted">, found</span> <b>${actual}</b></p>`
}

function failureItem({ device, alike = [], state, path, kind, message, hint, isHandled }: Failure) {
  const place = path === '' ? state : `${state} in ${path}`
  return html`<li><span><span class="f" role="img" aria-label="failed">✕</span> ${device === undefined ? html`<b>${place}</b>` : whose(device, alike)} <span class="muted">${
    device === undefined ? kind : `${state}, ${kind}`
  }${isHandled && ', handled'}</span></span><div>${message.split('\n').map((line) => html`<p>${prose(line)}</p>`)}${
    hint !== undefined && html`<p class="muted">${prose(hint)}</p>`
  }</div></li>`
}

type Row = ExecutionView['checks']['rows'][number]
type Status = Row['cells'][number]['status']

interface Sign {
  readonly shape: string
  readonly word: string
  readonly style: string
}

const SIGNS: ReadonlyMap<Status, Sign> = new Map<Status, Sign>([
  ['fail', { shape: '✕', word: 'not good', style: 'f' }],
  ['error', { shape: '?', word: 'could not be judged', style: 'f' }],
  ['none', { shape: '·', word: 'not judged yet', style: 'w' }],
  ['skip', { shape: '–', word: 'does not apply', style: 'w' }],
  ['pass', { shape: '●', word: 'good', style: 'p' }],
])

/** Every check with the switches on which it is good or not, as it was judged last, those that fail first; nothing before the first round. */
export function checksList({ checks, endedAt }: ExecutionView): Html | false {
  const { columns, rows, round } = checks
  if (rows.length === 0) return false
  const when = endedAt === null ? (round === 0 ? 'now' : `now, round ${round}`) : 'last round of each switch'
  const judged = columns.map((name, index) => ({ name, found: foundBy(rows, index) }))
  const isBad = ({ found }: (typeof judged)[number]) => found.has('fail') || found.has('error')
  const shown = [...judged.filter(isBad), ...judged.filter((one) => !isBad(one))]
  return html`<section aria-labelledby="checks"><h2 id="checks">Checks <span class="n">${when}</span></h2><div class="card"><table class="checks">
    <thead class="unseen"><tr><th scope="col">Check</th><th scope="col">What it says</th></tr></thead>
    <tbody>${shown.map(
      ({ name, found }) => html`<tr><th scope="row">${name}</th><td>${verdicts(found, endedAt !== null)}</td></tr>`,
    )}${neighborsRow(rows)}</tbody></table></div></section>`
}

function foundBy(rows: readonly Row[], index: number): ReadonlyMap<Status, readonly string[]> {
  return gathered(rows.map(({ device, cells }) => [cells[index]?.status ?? 'none', device]))
}

function verdicts(found: ReadonlyMap<Status, readonly string[]>, hasEnded: boolean) {
  return [...SIGNS].flatMap(([status, sign]) => {
    const names = found.get(status) ?? []
    if (names.length === 0) return []
    const said = hasEnded && status === 'none' ? { ...sign, word: 'not judged' } : sign
    if (found.size === 1) return [verdict(said, '')]
    return [verdict(said, ` on ${status === 'fail' || status === 'error' ? listed(names) : namedSwitches(names)}`)]
  })
}

function verdict({ shape, word, style }: Sign, where: string) {
  return html`<div><span ${attributes({ class: style })}><span aria-hidden="true">${shape}</span> ${word}</span>${where}</div>`
}

function neighborsRow(rows: readonly Row[]) {
  const judged = rows.filter(({ beside }) => beside.good + beside.bad > 0)
  if (judged.length === 0) return false
  const sum = (of: 'good' | 'bad') => judged.reduce((total, { beside }) => total + beside[of], 0)
  const failing = judged.filter(({ beside }) => beside.bad > 0).map(({ device }) => device)
  const all = count(sum('good') + sum('bad'), 'check')
  return html`<tr><th scope="row">on neighbours</th><td>${
    failing.length === 0
      ? html`<div><span class="p"><span aria-hidden="true">●</span> good</span>, ${all}</div>`
      : html`<div><span class="f"><span aria-hidden="true">✕</span> not good</span> ${sum('bad')} of ${all}, next to ${listed(failing)}</div>`
  }</td></tr>`
}

export function disruptionLine({ disruption }: Pick<ExecutionView, 'disruption'>): Html | false {
  if (disruption === undefined) return false
  return html`<p>${capital(disruption.words)}.</p>`
}

/** Each pair that was probed; nothing before all is measured. */
export function disruptionCard({ disruption }: Pick<ExecutionView, 'disruption'>): Html | false {
  if (disruption === undefined || disruption.probes.length === 0 || !disruption.isOver) return false
  const rows = disruption.probes.map(
    ({ name, gone, sent, lost, remarks }) =>
      html`<tr><th scope="row">${name}</th><td>${gone}</td><td>${sent}</td><td>${lost}</td><td>${remarks.join('; ')}</td></tr>`,
  )
  return html`<section aria-labelledby="disruption"><h2 id="disruption">What users lost</h2><div class="card"><table>${heads('Probe', 'Cut off', 'Asked', 'Lost', '')}<tbody>${rows}</tbody></table>${disruption.seen !== undefined && html`<p class="pad">${disruption.seen.head}.</p>`}${disruption.seen !== undefined && disruption.seen.each.length > 0 && html`<ul class="pad">${disruption.seen.each.map((line) => html`<li>${line}</li>`)}</ul>`}</div></section>`
}

// So many changes, and so many lines of them together, are on a page; the first one is always there as a whole.
const [MOST_CHANGES, MOST_LINES] = [12, 120]
export const MOST_VALUES = 24

export function firstChanges(groups: readonly SkeletonGroup[]): readonly SkeletonGroup[] {
  let lines = 0
  const over = groups.findIndex((group, index) => {
    lines += group.lines.length
    return index >= MOST_CHANGES || (index > 0 && lines > MOST_LINES)
  })
  return over === -1 ? groups : groups.slice(0, over)
}

export function moreChanges(
  digest: string,
  groups: readonly SkeletonGroup[],
  shown: readonly SkeletonGroup[],
): Html | false {
  const left = groups.slice(shown.length).filter(({ lines }) => lines.length > 0)
  if (left.length === 0) return false
  const of = switches(left.reduce((sum, { devices }) => sum + devices.length, 0))
  return html`<p class="pad"><b>${count(left.length, 'more change')} of ${of}</b> <a class="btn sm" href="${withQuery(address.approval(digest), { page: '1' })}">Read each switch</a></p>`
}
