import { definedMembers, gathered } from '../../model/json.ts'
import { type DriftSum, driftWords } from '../drift/drift.ts'
import { count, present, short, switches, tallied } from '../text/text.ts'
import {
  address,
  attributes,
  type Badge,
  badge,
  countdown,
  type Html,
  html,
  moment,
  namedSwitches,
  type PageContent,
  standingBadge,
  withQuery,
} from './html.ts'
import { changeName, type ExecutionItem, executionTable } from './switches.ts'

type Begun = readonly { readonly at: string; readonly standing: string }[]

const HOUR = 3_600_000
// The gravest first: it gives an hour its colour, and comes first.
const GRAVE: readonly Badge['tone'][] = ['bad', 'undo', 'live', 'run', 'ok', 'idle']

const toneOf = (standing: string) => (standing === 'open' ? 'run' : standingBadge(standing).tone)
const rank = (standing: string) => GRAVE.indexOf(toneOf(standing))

/** How many executions ended how, the gravest first: `1 rolled back, 861 succeeded`. */
export function dayWords(day: Begun): string {
  return (
    [...tallied(day.map(({ standing }) => standing))]
      .toSorted(([a], [b]) => rank(a) - rank(b))
      // Whether somebody runs what has not ended nobody has asked for this.
      .map(([standing, many]) => `${many} ${standing === 'open' ? 'not ended' : standingBadge(standing).word}`)
      .join(', ')
  )
}

// With fewer hours than this in which something began, words say all that squares would.
const FEWEST_HOURS = 3

/** The last 24 hours as a square each, oldest first, in the colour of the gravest that began in it; in words for a reader who does not see them. */
export function squares(day: Begun, now: number): Html | false {
  const hours = Array.from({ length: 24 }, (_, index) => {
    const from = now - (24 - index) * HOUR
    return day.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < from + HOUR)
  })
  if (hours.filter((begun) => begun.length > 0).length < FEWEST_HOURS) return false
  return html`<span class="squares" role="img" aria-label="${dayWords(day)}">${hours.map((begun, index) => {
    const [gravest] = begun.toSorted((a, b) => rank(a.standing) - rank(b.standing))
    const style = gravest === undefined ? 'sq none' : `sq ${toneOf(gravest.standing)}`
    const when = new Date(now - (24 - index) * HOUR).toISOString().slice(11, 16)
    return html`<span ${attributes({ class: style, title: `from ${when} UTC: ${begun.length === 0 ? 'nothing' : dayWords(begun)}` })}></span>`
  })}</span>`
}

interface UnknownSwitch {
  readonly device: string
  readonly execution?: string
}

function unknownCards(unknown: readonly UnknownSwitch[]) {
  const groups = gathered(unknown.map((one) => [one.execution ?? one.device, one]))
  return [...groups.values()].flatMap((group) => (group.length > FEW ? [unknownMany(group)] : group.map(unknownOne)))
}

const FEW = 3

function unknownOne({ device, execution }: UnknownSwitch) {
  return html`<div class="card need bad"><div>
        <div class="strong">${badge(standingBadge('unknown'))} ${device}: nobody knows what is on it</div>
        <div class="muted small">Look at it now. Then type <code>eosflow recover ${device}</code></div>
        </div><a class="btn" href="${execution === undefined ? address.switch(device) : address.execution(execution)}">What happened<span class="unseen"> on ${device}</span></a></div>`
}

function unknownMany(group: readonly UnknownSwitch[]) {
  const [first] = group
  const names = group.map(({ device }) => device)
  return html`<div class="card need bad"><div>
        <div class="strong">${badge(standingBadge('unknown'))} ${switches(group.length)}: nobody knows what is on them</div>
        <div class="muted small"><a href="${withQuery(address.switches, { state: 'unknown' })}">Which</a>, look at each now. Then type <code>eosflow recover NAME</code>, the first: <code>eosflow recover ${names[0] ?? ''}</code></div>
        </div><a class="btn" href="${address.execution(first?.execution ?? '')}">What happened<span class="unseen"> on ${switches(group.length)}</span></a></div>`
}

export interface AwaitedDecision {
  readonly digest: string
  readonly title: string
  readonly workflow: string
  readonly switches: readonly string[]
  readonly by: string
  readonly at: string
  /** What is demanded and missing, as `1 approval by net-leads`; undefined where any one approval is enough. */
  readonly needs?: string
  /** Until when it can be decided, in milliseconds since 1970. */
  readonly expires?: number
}

export interface LiveItem {
  readonly id: string
  readonly title: string
  readonly workflow: string
  readonly at: string
  readonly by: string | undefined
  readonly standing: string
  readonly headline: string
  /** When the first commit timer of its switches runs out, in milliseconds since 1970; undefined where none runs. */
  readonly reverts?: number
  readonly waves: readonly {
    readonly switches: readonly string[]
    readonly word: string
    readonly tone: Badge['tone']
  }[]
}

export interface Duty {
  readonly tone: Badge['tone']
  readonly title: string
  readonly detail: string
  readonly command?: string
  readonly to?: string
}

interface Health {
  // Every execution that began in the last 24 hours: when, ISO 8601, and its standing.
  readonly day: Begun
  readonly inventory: { readonly switches: number; readonly unknown: number; readonly unconfirmed: number }
  // What comparisons have found since switches were confirmed, and when the first of these looks was (ISO 8601); absent before one.
  readonly drift?: DriftSum & { readonly at: string }
  readonly record?: {
    readonly intact: boolean
    readonly records: number
    readonly anchored: boolean
    readonly at: string
  }
}

export interface UpcomingEvent {
  readonly title: string
  readonly detail: string
  /** In milliseconds since 1970. */
  readonly at?: number
}

export interface FreezeNotice {
  readonly number: number
  readonly by: string
  readonly reason: string
  readonly until: string
}

export interface Overview {
  readonly now: number
  readonly freezes?: readonly FreezeNotice[]
  readonly mayFreeze?: boolean
  readonly mayStopAll?: boolean
  readonly unknown: readonly UnknownSwitch[]
  readonly decisions: readonly AwaitedDecision[]
  /** So many plans beside those of `decisions` wait for the viewer; `isCut`: at least so many. */
  readonly moreDecisions?: { readonly count: number; readonly isCut: boolean }
  readonly duties: readonly Duty[]
  readonly live: readonly LiveItem[]
  readonly health: Health
  readonly recent: readonly ExecutionItem[]
  readonly coming: readonly UpcomingEvent[]
  readonly stream?: string
}

/** The overview in the order of duty. */
export function overviewPage(data: Overview): PageContent {
  const {
    coming,
    stream,
    health: { inventory, drift },
  } = data
  if (isUntouched(data)) return firstPage({ now: data.now, inventory, drift, stream })
  const [head, duty, now, health, recent] = overviewRegions(data)
  const body = html`<div class="head">${head.html}${actLinks(data)}</div>
    ${duty.html}
    ${now.html}
    ${health.html}
    <div ${attributes({ class: coming.length > 0 && 'grid cols' })}>
    ${recent.html}
    ${coming.length > 0 && comingUp(data)}
    </div>`
  return { title: 'Overview', current: 'overview', body, ...definedMembers({ stream }) }
}

function isUntouched({ recent, live, decisions, duties, unknown, freezes = [], coming, health }: Overview) {
  const told = [recent, live, decisions, duties, unknown, freezes, coming, health.day]
  return told.every((some) => some.length === 0) && (health.drift?.compared ?? 0) === 0
}

export function overviewRegions(data: Overview): readonly [Region, Region, Region, Region, Region] {
  return [
    isUntouched(data)
      ? firstHead({ now: data.now, ...data.health })
      : region('overview-head', html`<h1>${headline(data)}</h1><p class="lede">${reassurance(data)}</p>`),
    region('overview-needs', html`${(data.freezes ?? []).map((freeze) => freezeNotice(freeze, data))}${needs(data)}`),
    region('overview-now', data.live.length > 0 && nowSection(data)),
    region('overview-health', healthSection(data)),
    region('overview-recent', data.recent.length > 0 && recentSection(data)),
  ]
}

function headline({ unknown, decisions, moreDecisions, duties, live }: Overview) {
  const waiting = decisions.length + (moreDecisions?.count ?? 0) + duties.length
  const least = moreDecisions?.isCut === true ? 'At least ' : ''
  const parts = present(
    unknown.length > 0 &&
      `${namedSwitches(unknown.map(({ device }) => device))} ${unknown.length === 1 ? 'needs' : 'need'} a person now.`,
    live.length > 0 && `${number(live.length, 'change is', 'changes are')} under way.`,
    waiting !== 0 && `${least}${number(waiting, 'thing waits', 'things wait')} for you.`,
  )
  return parts.length === 0 ? 'All quiet: nothing runs, and nothing waits for you.' : parts.join(' ')
}

function actLinks({ mayFreeze, mayStopAll, live }: Overview) {
  if (mayFreeze !== true && mayStopAll !== true) return undefined
  const stops = mayStopAll === true && live.length > 0
  return html`<div class="acts">${stops && html`<a class="btn stop" href="${address.stopAll}">Stop everything</a>`}${
    mayFreeze === true &&
    html`<details class="menu"><summary class="btn" aria-label="More acts">⋯</summary><a href="${address.freeze}">Freeze all changes</a></details>`
  }</div>`
}

function freezeNotice({ number: freeze, by, reason, until }: FreezeNotice, { now: at, mayFreeze }: Overview) {
  return html`<p class="notice live"><b>Frozen until ${moment(until, at)}:</b> nothing new begins. What is live goes on to its end. Set by ${by}: ${reason}.${
    mayFreeze === true && html` <a href="${withQuery(address.unfreeze, { freeze: String(freeze) })}">End it</a>`
  }</p>`
}

const WORDS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'] as const

function number(n: number, one: string, many: string) {
  return `${WORDS[n] ?? n} ${n === 1 ? one : many}`
}

function reassurance({ unknown, health: { drift, inventory }, now: at }: Overview) {
  const known =
    unknown.length === 0
      ? 'No switch is in an unknown state.'
      : `Nobody has read what is on ${unknown.length === 1 ? 'it' : 'them'}.`
  if (drift === undefined) return html`${known}`
  const isWhole = drift.compared >= inventory.switches
  const differs =
    drift.differs === 0
      ? isWhole
        ? 'Nothing has drifted from what was confirmed'
        : `Of ${switches(inventory.switches)}, ${driftWords(drift)}`
      : `${switches(drift.differs)} ${drift.differs === 1 ? 'differs' : 'differ'} from what was confirmed`
  return html`${known} ${differs}, looked at ${moment(drift.at, at)}.`
}

function needs({ unknown, decisions, moreDecisions, duties, now: at }: Overview) {
  if (unknown.length + decisions.length + duties.length === 0) return undefined
  return html`<section aria-labelledby="needs"><h2 id="needs">Needs you</h2><div class="stack">
    ${unknownCards(unknown)}
  ${decisions.map((decision, index) => awaited(decision, at, index === 0))}
  ${moreDecisions !== undefined && furtherDecisions(moreDecisions)}
    ${duties.map(
      ({ tone, title, detail, command, to }) => html`<div ${attributes({ class: `card need ${tone}` })}><div>
        <div class="strong">${title}</div>
        <div class="muted small">${detail}${command !== undefined && html` <code>${command}</code>`}</div>
        </div>${to !== undefined && html`<a class="btn" href="${to}">Open<span class="unseen">: ${title}</span></a>`}</div>`,
    )}
    </div></section>`
}

function awaited(decision: AwaitedDecision, at: number, isNext: boolean) {
  const { digest, title, workflow, by, needs: missing, expires } = decision
  return html`<div class="card need run"><div>
    <div>Approve ${changeName(workflow, title)} on ${namedSwitches(decision.switches)}</div>
    <div class="muted small">asked by ${by}, ${moment(decision.at, at)} · plan <span class="mono">${short(digest)}</span>${
      missing !== undefined && html` · needs ${missing}`
    }${expires !== undefined && html` · expires in ${countdown(expires, at)}`}</div>
    </div><a ${attributes({ class: isNext ? 'btn pri' : 'btn', href: address.approval(digest) })}>Review<span class="unseen"> ${workflow} ${title}</span></a></div>`
}

function furtherDecisions({ count: further, isCut }: NonNullable<Overview['moreDecisions']>) {
  const words = `${isCut ? 'At least ' : ''}${count(further, 'more plan')} for your decision`
  return html`<a class="btn" href="${withQuery(address.executions, { state: 'waiting' })}">${words}</a>`
}

function nowSection({ live, now: at }: Overview) {
  return html`<section aria-labelledby="now-title"><h2 id="now-title">Now</h2><div class="stack">${live.map((item) => liveCard(item, at))}</div></section>`
}

function liveCard(item: LiveItem, at: number) {
  const { id, title, workflow, by, headline: says, standing, reverts, waves } = item
  const who = by === undefined ? '' : ` by ${by}`
  return html`<div class="card pad">
    <div class="row"><div><a class="quiet" href="${address.execution(id)}">${changeName(workflow, title)}</a>
    <span class="muted small">started ${moment(item.at, at)}${who}</span></div>
    <div class="sp">${reverts === undefined ? badge(standingBadge(standing)) : html`<span class="st live"><span aria-hidden="true">◔</span><span>back as before in ${countdown(reverts, at)}</span></span>`}</div></div>
    <p class="says">${says}</p>
    ${
      waves.flatMap((wave) => wave.switches).length > 1 &&
      html`<ol class="waves" aria-label="Waves">${waves.map(
        (wave) => html`<li ${attributes({ class: wave.tone })}>${namedSwitches(wave.switches)}: ${wave.word}</li>`,
      )}</ol>`
    }
    </div>`
}

function healthSection({ health: { day, inventory, drift, record }, now: at }: Overview) {
  const { unknown, unconfirmed } = inventory
  return html`<section aria-labelledby="health-title"><h2 id="health-title">Health</h2><dl class="card facts">
    <div><dt>Last 24 hours</dt><dd><b>${count(day.length, 'execution')}</b>${day.length > 0 && html`${squares(day, at)}<small>${dayWords(day)}</small>`}</dd></div>
    <div><dt>Switches</dt><dd><b>${inventory.switches} in the inventory</b><small>${present(`${unknown} unknown`, drift !== undefined && driftedText(drift, inventory.switches), unconfirmed !== 0 && `${unconfirmed} never confirmed`).join(' · ')}</small></dd></div>
    ${
      record !== undefined &&
      html`<div><dt>Record</dt><dd><b ${attributes({ class: !record.intact && 'bad-ink' })}>${record.intact ? 'Intact' : '✕ Does not hold'}</b><small>${count(record.records, 'record')} read, ${moment(record.at, at)}</small>${
        record.anchored
          ? html`<small>proven by a checkpoint that is kept elsewhere</small>`
          : html`<small>No checkpoint of it is kept elsewhere: <a href="${address.record}">what that means</a></small>`
      }</dd></div>`
    }
    ${drift !== undefined && record === undefined && html`<div><dt>Drift</dt><dd><b>${drift.differs} differ</b><small>${moment(drift.at, at)}</small></dd></div>`}
    </dl></section>`
}

function driftedText({ differs, compared }: NonNullable<Health['drift']>, switches: number) {
  if (compared === 0) return '0 compared'
  return compared >= switches ? `${differs} drifted` : `${differs} of ${compared} compared drifted`
}

function recentSection({ recent: items, now: at }: Overview) {
  return html`<section aria-labelledby="recent-title"><h2 id="recent-title">Recent <a class="more" href="${address.executions}">all executions</a></h2>
    <div class="card">${executionTable(items, at)}</div></section>`
}

function comingUp({ coming, now: at }: Overview) {
  return html`<section class="aside" aria-labelledby="coming-title"><h2 id="coming-title">Coming up</h2><ul class="card list small">${coming.map(
    ({ title, detail, at: when }) =>
      html`<li><b>${title}</b><div class="muted">${detail}${
        when !== undefined && html` ${moment(when, at)}${when > at && html`, in ${countdown(when, at)}`}`
      }</div></li>`,
  )}</ul></section>`
}

interface Beginning {
  readonly now: number
  readonly inventory: { readonly switches: number }
  // What a comparison has found, and when (ISO 8601); undefined before the first.
  readonly drift?: Health['drift'] | undefined
}

function firstPage(beginning: Beginning & { readonly stream: string | undefined }): PageContent {
  const { stream } = beginning
  const body = html`<div class="head">${firstHead(beginning).html}<div class="acts"><a class="btn pri" href="${address.workflows}">Plan your first change</a></div></div>
    <ol class="card list first-steps"><li><b>Plan</b><div class="muted">Choose a <a href="${address.workflows}">workflow</a>, fill in its form: you read the exact lines of every switch.</div></li>
    <li><b>Approve</b><div class="muted">Your approval holds for these lines and no others.</div></li>
    <li><b>Roll out</b><div class="muted">Each switch commits under its own timer, is verified, and is confirmed or puts itself back.</div></li></ol>`
  return { title: 'Overview', current: 'overview', body, ...definedMembers({ stream }) }
}

function firstHead({ now, inventory, drift }: Beginning) {
  const looked = drift !== undefined && html` Of these, ${driftWords(drift)}, looked at ${moment(drift.at, now)}.`
  return region(
    'overview-head',
    html`<h1>Plan your first change</h1><p class="lede">${switches(inventory.switches)} in the inventory.${looked} A plan asks the switches what a change would do, shows it line by line, and changes nothing.</p>`,
    { standing: 'first' },
  )
}

export interface Region {
  readonly region: string
  readonly html: Html
}

/** `standing` is what the rest of the page depends on, such as the buttons that a viewer is offered: when it becomes another one, the script asks for the whole page. */
export function region(
  name: string,
  inner: Html | false,
  { style, standing }: { readonly style?: string; readonly standing?: string } = {},
): Region {
  const about = { id: name, 'data-region': name, 'data-standing': standing, class: style }
  return { region: name, html: html`<div ${attributes(about)}>${inner}</div>` }
}
