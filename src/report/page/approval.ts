import { mostFailures } from '../../change/plan/left-out-switch.ts'
import type { DiffLine, PlanContent, ShownPlan } from '../../change/plan/plan.ts'
import { definedMembers } from '../../model/json.ts'
import { judgesIn } from '../../model/judge.ts'
import {
  BEHIND_HEADING,
  behindIntro,
  behindLines,
  FOREIGN_HEADING,
  type ForeignGroup,
  foreignGroups,
  KEPT_HEADING,
  keptGroups,
  UNSAVED_HEADING,
  unsavedGroups,
} from '../phrases/behind.ts'
import { personName } from '../phrases/person-name.ts'
import { changeFileWords, changeTitle } from '../phrases/spoken.ts'
import { groupBySkeleton, linesOn } from '../plan/group-lines.ts'
import { planStatements } from '../plan/plan-statements.ts'
import { count, short, switches } from '../text/text.ts'
import { copyButton, decidedSection, diffBlock, digestBlock, groupChange, pageStep, switchGroup } from './diff.ts'
import { firstChanges, MOST_VALUES, moreChanges } from './execution.ts'
import {
  actForm,
  address,
  attributes,
  type Badge,
  badge,
  type Html,
  html,
  listed,
  moment,
  namedSwitches,
  type PageContent,
  prose,
  span,
  TOKEN_FIELD,
  withQuery,
} from './html.ts'
import { type Region, region } from './overview.ts'

const [MOST_FOREIGN, MOST_FOREIGN_LINES] = [12, 40]

function foreignSection(content: Pick<PlanContent, 'devices'>) {
  return linesSection({ id: 'foreign', heading: FOREIGN_HEADING, label: 'Foreign lines' }, foreignGroups(content))
}

export function unsavedSection(content: Pick<PlanContent, 'devices'>): Html | false {
  return linesSection({ id: 'unsaved', heading: UNSAVED_HEADING, label: 'Unsaved lines' }, unsavedGroups(content))
}

// What stays because the workflow says so.
function keptSection(content: Pick<PlanContent, 'devices'>) {
  const groups = keptGroups(content).map(({ devices, lines }) => ({
    devices,
    words: count(lines.length, 'line'),
    lines: lines.map((text): DiffLine => ({ sign: ' ', text })),
  }))
  return linesSection({ id: 'kept', heading: KEPT_HEADING, label: 'Kept lines' }, groups)
}

function linesSection(
  { id, heading, label }: Readonly<Record<'id' | 'heading' | 'label', string>>,
  groups: readonly ForeignGroup[],
) {
  const rest = groups.slice(MOST_FOREIGN)
  return (
    groups.length > 0 &&
    html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2><div class="card clip">${groups
      .slice(0, MOST_FOREIGN)
      .map(({ devices, words, lines = [] }) => {
        const more = lines.length - MOST_FOREIGN_LINES
        return switchGroup(
          listed(devices, 12),
          words,
          html`${lines.length > 0 && diffBlock(lines.slice(0, MOST_FOREIGN_LINES), `${label} of ${listed(devices, 12)}`)}${more > 0 && html`<p class="pad"><b>${more} more lines</b>: read them with <code>eosflow show</code></p>`}`,
        )
      })}${rest.length > 0 && html`<p class="pad"><b>${switches(rest.flatMap(({ devices }) => devices).length)} more</b>: read them with <code>eosflow show</code></p>`}</div></section>`
  )
}

interface MadeDecision {
  readonly decision: 'approve' | 'reject'
  readonly by: string
  readonly proof: string
  readonly at: string
  readonly comment: string
}

interface OnceForm {
  readonly csrf: string
  readonly key: string
}

export interface ApprovalData {
  readonly now: number
  readonly plan: ShownPlan
  readonly execution?: string | undefined
  readonly standing: 'open' | 'approved' | 'rejected' | 'ended'
  /** Until when it can be decided about, in milliseconds since 1970. */
  readonly until?: number | undefined
  /** What is demanded, each with how many there are: `1 approval by net-leads`. */
  readonly demands: readonly { readonly words: string; readonly have: number; readonly count: number }[]
  readonly decisions: readonly MadeDecision[]
  readonly notes: readonly Note[]
  readonly rehearsal?: boolean
  readonly form: DecisionForm
  /** The form that starts the change of a plan alone, for whoever may; `carry`: with the approvals of the plan that it was made again of. */
  readonly start?: (OnceForm & { readonly carry?: boolean }) | undefined
  /** The form that has an approved plan made again on what its switches run now, for whoever may; `isNext`: its switches are known to have changed. */
  readonly rebase?: (OnceForm & { readonly isNext: boolean }) | undefined
  /** The switch whose own change is shown; absent: all, what differs marked. */
  readonly switch?: string | undefined
  /** Which page of the switches that change is shown, each with its own change, from 1 on; absent: see `switch`. */
  readonly page?: number | undefined
}

export function approvalPage(data: ApprovalData): PageContent {
  const { plan, execution, decisions, now, form } = data
  const { content } = plan
  const isOpen = data.standing === 'open'
  const body = html`<div class="head"><div>${standingRegion(data).html}
    <h1>${titleOf(plan)}</h1></div>${headActs(data, isOpen)}</div>
    ${planFacts(plan)}${foreignSection(content)}${unsavedSection(content)}${keptSection(content)}
    <div class="grid cols deciding">
    <div class="aside">${beforeSection(plan, { now, notes: data.notes, isOpen, hasRehearsal: data.rehearsal === true })}${whyNot(form)}</div>
    <div class="main-column"><section aria-labelledby="change"><h2 id="change">Exactly this is sent <span class="n">${
      content.offline ? 'as computed without the switches' : 'as the switches themselves would change'
    }</span></h2>
    <div class="card clip">${changeOf(data)}
    <div class="foot"><p class="muted small">Plan digest, the same that <code>eosflow show${execution !== undefined && ` ${execution}`}</code> prints ${copyButton(plan.digest)}</p>${digestBlock(plan.digest)}</div></div></section>${behindSection(plan)}</div>
    <div class="aside">
    ${decidedSection(decisions.map((one) => decisionItem(one, now)))}
    ${askerSection(data, isOpen)}${factsSection(plan)}
    </div></div>`
  const bar = decideBar(form, plan.digest)
  return {
    title: `Approve ${titleOf(plan)}`,
    current: 'executions',
    body,
    ...definedMembers({ bar }),
    stream: `/api/v1/stream?topics=plan:${encodeURIComponent(plan.digest)}&as=page`,
  }
}

function askerSection({ plan: { content }, execution }: ApprovalData, isOpen: boolean) {
  return html`<section aria-labelledby="asker"><h2 id="asker">Who asks</h2><div class="card pad small">${content.requesters.map(
    (one) =>
      html`<div><b>${personName(one)}</b>, ${one.issuer === 'local' ? 'a user of this machine' : `${one.kind} of ${one.issuer}`}${behind(one)}</div>`,
  )}<div class="muted">from <span class="mono">${content.workflow.file}</span> · <span class="mono">${short(content.workflow.digest)}</span></div>${
    content.workflow.commit !== undefined &&
    html`<div class="muted">of commit <span class="mono">${content.workflow.commit}</span></div>`
  }${changeFileWords(content.changeFile).map((words) => html`<div class="muted">${words}</div>`)}${
    execution !== undefined &&
    html`<div><a href="${address.execution(execution)}">${isOpen ? 'The execution that waits' : 'Its execution'}</a></div>`
  }<div><a href="${withQuery(address.policy, { action: 'plan.approve', workflow: content.workflow.file })}">Who may approve it</a></div></div></section>`
}

export function standingRegion(data: ApprovalData): Region {
  const { plan, decisions, now, standing, form } = data
  const { content, evidence } = plan
  const asker = listed(content.requesters.map((one) => personName(one)))
  const line = html`${badge(standingOf(data))}<span class="muted small">asked by ${asker}, ${moment(evidence.createdAt, now)}${
    data.until !== undefined && html` · can be decided until ${moment(data.until, now)}`
  }${data.demands.map(({ words, have, count: many }) => html` · ${have} of ${many}: ${words}`)}</span>`
  const of = [
    standing,
    decisions.length,
    form.ways.join('+'),
    form.because ?? '',
    ...data.notes.map(({ text }) => text),
  ]
  return region('plan-standing', line, { style: 'row', standing: of.join('; ') })
}

function behind({ issuer: of, onBehalfOf, named = [] }: ShownPlan['content']['requesters'][number]) {
  const people = named.map(
    ({ issuer, id, unknown }) =>
      `${issuer === 'local' ? id : `${issuer}:${id}`}${unknown === true ? ', who is nobody known' : ''}`,
  )
  const how = of === 'schedule' ? 'run by' : 'its event names'
  const words = people.length === 0 ? '' : `; ${how} ${people.join(', ')}`
  if (onBehalfOf === undefined) return words
  const { issuer, id } = onBehalfOf
  return `, for ${issuer === 'local' ? id : `${issuer}:${id}`}${words}`
}

function headActs({ plan, execution, start, rebase, form }: ApprovalData, isOpen: boolean) {
  const { digest } = plan
  // Whoever is expected to decide has a black button for that.
  const look = { class: rebase?.isNext === true || form.ways.length > 0 ? 'btn' : 'btn pri' }
  const again = rebase !== undefined && againForm(rebase, digest)
  if (start !== undefined) {
    const inner =
      start.carry === true
        ? html`<input type="hidden" name="carry" value="true"><button ${attributes(look)} type="submit">Carry the approvals and start it</button>`
        : html`<button ${attributes(look)} type="submit">Start it</button>`
    return html`<div class="acts">${again}${onceForm(start, { action: address.startPlan(digest), label: 'Start' }, inner)}</div>`
  }
  if (isOpen || execution === undefined) return undefined
  return html`<div class="acts">${again}<a ${attributes(look)} href="${address.execution(execution)}">Watch it</a></div>`
}

function againForm({ isNext, ...form }: NonNullable<ApprovalData['rebase']>, digest: string) {
  const to = { action: address.rebase(digest), label: 'Plan it again' }
  const look = { class: isNext ? 'btn pri' : 'btn' }
  return onceForm(form, to, html`<button ${attributes(look)} type="submit">Plan it again</button>`)
}

function onceForm({ csrf, key }: OnceForm, to: Pick<Parameters<typeof actForm>[0], 'action' | 'label'>, inner: Html) {
  return actForm({ ...to, csrf }, html`<input type="hidden" name="key" value="${key}">${inner}`)
}

function standingOf({ standing, form, demands }: ApprovalData): Badge {
  if (standing === 'approved') return { tone: 'ok', shape: '●', word: 'Approved' }
  if (standing === 'rejected') return { tone: 'bad', shape: '✕', word: 'Rejected, for good' }
  if (standing === 'ended') return { tone: 'idle', shape: '○', word: 'Over' }
  if (form.ways.length > 0) return { tone: 'run', shape: '◔', word: 'Waits for you' }
  const missing = demands.reduce((sum, { count: many, have }) => sum + Math.max(0, many - have), 0)
  return { tone: 'run', shape: '◔', word: missing > 1 ? `Waits for ${missing} others` : 'Waits for somebody else' }
}

function titleOf({ content }: ShownPlan) {
  const { name } = content.workflow
  const title = changeTitle(content.workflow)
  const where = namedSwitches(content.waves.flat())
  return `${title === name ? name : `${name}: ${title}`} on ${content.waves.flat().length === 0 ? 'no switch' : where}`
}

const MOST_LINKS = 12

function changeOf(data: ApprovalData) {
  const { plan, switch: one } = data
  const { devices } = plan.content
  const changing = devices.filter(({ diff }) => diff.length > 0).map(({ name }) => name)
  const chosen = devices.find(({ name }) => name === one)
  const groups = groupBySkeleton(plan)
  const shown = firstChanges(groups)
  return html`${changing.length > 1 && switchChoice(plan, changing, chosen?.name)}
    ${
      chosen === undefined && data.page !== undefined
        ? ownChanges(data.page, plan)
        : chosen === undefined
          ? shown.map((group) =>
              group.lines.length === 0
                ? html`<p class="pad muted small">No change: ${listed(group.devices, 12)}</p>`
                : groupChange(group, 'Change', MOST_VALUES),
            )
          : html`<div class="group">${diffBlock(chosen.diff, `Change of ${chosen.name}`)}</div>`
    }${chosen === undefined && data.page === undefined && moreChanges(plan.digest, groups, shown)}`
}

const [PAGE, MOST_LINES] = [12, 40]

function ownChanges(asked: number, { content, digest }: ShownPlan) {
  const devices = new Map(content.devices.map((device) => [device.name, device]))
  const changing = content.waves.flat().flatMap((name) => devices.get(name) ?? [])
  const pages = Math.max(1, Math.ceil(changing.length / PAGE))
  const page = Math.min(asked, pages)
  const to = (query: Readonly<Record<string, string>>) => withQuery(address.approval(digest), query)
  const own = changing.slice((page - 1) * PAGE, page * PAGE)
  return html`${own.map(
    ({ name, diff }) =>
      html`<div class="group"><p class="group-head"><b>${name}</b></p>${diffBlock(diff.slice(0, MOST_LINES), `Change of ${name}`)}${
        diff.length > MOST_LINES &&
        html`<p class="pad"><b>${diff.length - MOST_LINES} more lines</b> <a class="btn sm" href="${to({ switch: name })}">Read all ${diff.length}</a></p>`
      }</div>`,
  )}<nav class="paging pad" aria-label="Pages of the switches">${page > 1 && pageStep('prev', to({ page: String(page - 1) }))}<span class="muted small">${(page - 1) * PAGE + 1} to ${Math.min(page * PAGE, changing.length)} of ${changing.length}</span>${page < pages && pageStep('next', to({ page: String(page + 1) }))}</nav>`
}

function switchChoice(plan: ShownPlan, names: readonly string[], chosen: string | undefined) {
  const here = address.approval(plan.digest)
  if (names.length > MOST_LINKS) {
    return html`<form method="get" action="${here}" class="pad row"><label for="switch">Change of</label>
      <input ${attributes({ id: 'switch', name: 'switch', type: 'text', class: 'short', value: chosen ?? '', placeholder: `all ${names.length}, differences marked`, autocomplete: 'off', spellcheck: 'false' })}><button class="btn sm" type="submit">Show</button>${chosen !== undefined && html`<a class="btn sm" href="${here}">All ${names.length}</a>`}</form>`
  }
  const link = (to: string, isCurrent: boolean, text: string) =>
    html`<a href="${to}" ${attributes({ 'aria-current': isCurrent && 'true' })}>${text}</a>`
  return html`<div class="chips" role="group" aria-label="Change of which switch">${link(here, chosen === undefined, `All ${names.length}, differences marked`)}${names.map(
    (name) => link(withQuery(here, { switch: name }), name === chosen, name),
  )}</div>`
}

function decisionItem({ decision, by, proof, at, comment }: MadeDecision, now: number) {
  return html`<li>${badge(
    decision === 'approve'
      ? { tone: 'ok', shape: '●', word: 'approved' }
      : { tone: 'bad', shape: '✕', word: 'rejected' },
  )} <b>${by}</b> ${proof}, ${moment(at, now)}${comment !== '' && html`<div class="muted">${comment}</div>`}</li>`
}

function planFacts(plan: ShownPlan) {
  const { content } = plan
  const { timers, waves, neighbors = [], maxFailures } = content
  const judges = judgesIn(content)
  const changed = waves.flat()
  const beside = neighbors.filter(({ name }) => !changed.includes(name)).length
  const groups = groupBySkeleton(plan).filter(({ lines }) => lines.length > 0)
  const varying = groups.reduce((sum, { values }) => sum + values.length, 0)
  const most = mostFailures(maxFailures, changed.length)
  const checks = Array.isArray(content.checks) ? content.checks.length : 0
  const [only] = changed.length === 1 ? changed : []
  const lines = `+${linesOn(groups, 'added')} −${linesOn(groups, 'removed')} lines`
  // Of one switch there is no order, and nothing to compare.
  return html`<dl class="card facts four">${
    only === undefined
      ? html`<div><dt>${switches(changed.length)}, ${lines}</dt><dd>${count(groups.length, 'change')}${varying > 0 && `, ${count(varying, 'value')} differ by switch`}</dd></div>
    <div><dt>${waves.length > 4 || changed.length > 12 ? `${waves.length} waves` : waves.map((wave) => wave.join(', ')).join(' → ')}</dt><dd>${apartWords(
      content,
    )}</dd></div>`
      : html`<div><dt>${lines}</dt><dd>on ${only} alone</dd></div>`
  }
    <div><dt>Back by itself after ${span(timers.confirmWithin * 1000)}</dt><dd>unless ${most === 0 ? 'every switch verifies and is' : `all but ${most} verify and are`} confirmed</dd></div>
    <div><dt>Good for ${span(timers.stableFor * 1000)} within ${span(timers.verifyWithin * 1000)}</dt><dd>${count(checks, 'check')}${judges.length > 0 && `, ${count(judges.length, 'outside judge')}`}${
      beside > 0 && `, on ${count(beside, 'neighbour')} as well`
    }</dd></div>
    </dl>`
}

function apartWords({ redundant = [], redundantSides = [], together = [] }: ShownPlan['content']) {
  if (redundant.length + redundantSides.length === 0) return 'one wave after the other'
  if (redundantSides.length > 0 && together.length > 0) return 'redundant switches may be changed together'
  return together.length === 0
    ? 'redundant pairs are never changed together'
    : `${count(together.length, 'redundant pair')} changed together`
}

/** What is behind the ports, VLANs, VRFs and neighbours that change, as the switches showed it when the plan was made; false where nobody has asked. */
export function behindSection(plan: ShownPlan): Html | false {
  const intro = behindIntro(plan)
  if (intro === undefined) return false
  return html`<section aria-labelledby="behind"><h2 id="behind">${BEHIND_HEADING}</h2><div class="card clip"><p class="pad muted small">${intro}.</p>${behindLines(
    plan,
  ).map(
    ({ device, lines }) =>
      html`<div class="group"><p class="group-head"><b>${device}</b></p><ul class="list small">${lines.map((line) => html`<li class="break">${line}</li>`)}</ul></div>`,
  )}</div></section>`
}

export interface Note {
  readonly kind: 'good' | 'note' | 'open' | 'fact'
  readonly text: string
}

// So many risks are told at once.
const MOST_RISKS = 12

const KINDS: readonly Note['kind'][] = ['note', 'open', 'fact', 'good']

const IN_HEAD: ReadonlySet<string> = new Set(['timers', 'approval'])

// All that an approver must know besides the change: the risks of the plan first, each once.
function beforeSection(
  plan: ShownPlan,
  {
    now,
    notes,
    isOpen,
    hasRehearsal,
  }: {
    readonly now: number
    readonly notes: readonly Note[]
    readonly isOpen: boolean
    readonly hasRehearsal: boolean
  },
) {
  const risks = once(planStatements(plan).risks.map(({ words }) => words))
  const left = risks.length - MOST_RISKS
  const shown = left > 1 ? risks.slice(0, MOST_RISKS) : risks
  const others = notes.filter(({ text }) => !risks.includes(text))
  const sorted = KINDS.flatMap((kind) => others.filter((note) => note.kind === kind))
  return html`<section aria-labelledby="before"><h2 id="before">${isOpen ? 'Before you decide' : 'What is known of it'}</h2><div class="card pad"><ul class="notes">${shown.map(
    (text) => item('note', prose(text)),
  )}${
    left > 1 &&
    item('note', html`<b>${left} more risks</b>: read them with <code>eosflow show</code> before you decide`)
  }${sorted.map(({ kind, text }) => item(kind, prose(text)))}${readItem(plan, now)}</ul>${
    hasRehearsal && html`<p class="small"><a href="${address.rehearsal(plan.digest)}">Its rehearsal</a></p>`
  }</div></section>`
}

function factsSection(plan: ShownPlan) {
  const facts = once(
    planStatements(plan)
      .facts.filter(({ code }) => !IN_HEAD.has(code))
      .map(({ words }) => words),
  )
  return (
    facts.length > 0 &&
    html`<section aria-labelledby="rollout"><h2 id="rollout">How it is rolled out</h2><ul class="card list small">${facts.map(
      (one) => html`<li class="break">${prose(one)}</li>`,
    )}</ul></section>`
  )
}

function once(texts: readonly string[]) {
  return [...new Set(texts)]
}

function readItem({ content, evidence }: ShownPlan, now: number) {
  const at = moment(evidence.createdAt, now)
  return content.offline
    ? item('fact', html`Computed ${at}; each switch is read again before it is changed`)
    : item(
        'good',
        html`Read from the switches at ${at}; read again before the first line is sent, and refused if anything differs`,
      )
}

function item(kind: Note['kind'], words: Html) {
  return html`<li ${attributes({ class: kind })}>${words}</li>`
}

export type DecisionWay = 'passkey' | 'sign-in' | 'here'

export interface DecisionForm {
  readonly csrf: string
  /** How they may approve, the first one first; empty where they may not. */
  readonly ways: readonly DecisionWay[]
  /** Why they may not approve, in a sentence; absent where they may. */
  readonly because?: string | undefined
  readonly mayReject: boolean
}

function whyNot({ ways, because }: DecisionForm) {
  if (ways.length > 0 || because === undefined) return undefined
  return html`<section aria-labelledby="why-not"><h2 id="why-not">Why you cannot approve it</h2><p class="notice idle">${prose(because)}</p></section>`
}

// The bar with the comment and the buttons, each naming the plan that it decides about; undefined where there is nothing to press. The first button is for the key Enter in the comment, which presses it (HTML 4.10.22.2) and decides nothing.
function decideBar({ ways, mayReject, csrf }: DecisionForm, digest: string) {
  if (ways.length === 0 && !mayReject) return undefined
  const name = short(digest)
  const [main] = ways
  return html`<form method="post" action="${address.decide(digest)}" ${attributes({
    id: 'decide',
    class: 'decide',
    'aria-label': 'Decision',
    ...(ways.includes('passkey') ? passkeyData(digest) : {}),
  })}>
    <input type="hidden" name="${TOKEN_FIELD}" value="${csrf}">
    <button type="submit" disabled hidden></button>
    ${mayReject && html`<button class="btn text" type="submit" name="decision" value="reject">Reject for good</button>`}
    <label for="comment">Your comment <span class="n">goes on record</span></label><input id="comment" name="comment" type="text" maxlength="500" autocomplete="off" placeholder="Comment: CHG-1234">
    <p class="outcome" role="alert" hidden></p>
    ${ways.map((way) => wayButton(way, name, way === main))}
    </form>`
}

function passkeyData(digest: string): Readonly<Record<string, string>> {
  return {
    'data-passkey': 'approve',
    'data-plan': digest,
    'data-challenges': address.challenges(digest),
    'data-answers': address.decisions(digest),
  }
}

function wayButton(way: DecisionWay, name: string, isMain: boolean) {
  const look = isMain ? 'btn pri' : 'btn'
  if (way === 'passkey') {
    // Without script there is no passkey: the button shows itself once the script runs.
    return html`<button ${attributes({ class: look, type: 'button', 'data-passkey-button': true, hidden: true })}>Approve ${name} with passkey</button><noscript><p class="small muted">A passkey needs JavaScript. In a terminal: <code>eosflow approve</code></p></noscript>`
  }
  const says = way === 'sign-in' ? `Sign in again and approve ${name}` : `Approve ${name}`
  return html`<button ${attributes({ class: look, type: 'submit', name: 'decision', value: way === 'sign-in' ? 'approve-by-sign-in' : 'approve' })}>${says}</button>`
}
