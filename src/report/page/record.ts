import { type AuditVerification, doubtsIn } from '../event-words/audit-verification.ts'
import { type AuditRecord, type AuditSource, auditFields } from '../event-words/history.ts'
import { eventWords } from '../event-words/table.ts'
import { nameOf } from '../phrases/person-name.ts'
import { count } from '../text/text.ts'
import { chip, empty, heads, searchedCard, takeOneAway, textField } from './diff.ts'
import { address, attributes, badge, html, moment, type PageContent, withQuery } from './html.ts'

export interface RecordItem {
  readonly seq: number
  readonly at: string
  readonly code: string
  readonly words: string
  readonly actor: string
  readonly execution?: string | undefined
  readonly device?: string | undefined
  readonly outcome: string
  readonly hash: string
}

export function recordItem(record: AuditRecord, source: AuditSource): RecordItem {
  const { code, outcome, members } = auditFields(record, source)
  const words = `${record.event.type} ${eventWords(record.event)}`.trim()
  const { seq, at, execution } = record.event
  const actor = nameOf(record.event.actor)
  return { seq, at, code, words, outcome, actor, execution, device: members.device, hash: record.hash }
}

interface RecordQuery {
  readonly execution?: string | undefined
  readonly switch?: string | undefined
  readonly actor?: string | undefined
  readonly code?: string | undefined
  // The first and the last day, `2026-11-24`, in UTC.
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly kind?: string | undefined
}

const DAY = 86_400_000

/** Steps are in it where they are asked for: by `kind`, or by a code. */
export function recordsAsked({ switch: device, since, until, kind, ...rest }: RecordQuery) {
  return {
    ...rest,
    device,
    since: since === undefined ? undefined : Date.parse(since),
    until: until === undefined ? undefined : Date.parse(until) + DAY,
    kind: kind === 'all' || rest.code !== undefined ? ('all' as const) : ('acts' as const),
  }
}

// One page of the record, newest first, with what vouches for it.
interface RecordData {
  readonly now: number
  readonly origin: string
  readonly filter: RecordQuery
  readonly items: readonly RecordItem[]
  readonly next?: string | undefined
  // Back to when as many were looked at as one page may cost, ISO 8601; absent where the page is full, or at the end.
  readonly searchedTo?: string | undefined
  // What was found when all of it was read; absent where nobody has read it yet.
  readonly verification?: { readonly found: AuditVerification; readonly at: string } | 'under way' | undefined
}

export function recordPage(data: RecordData): PageContent {
  const { items, filter, next, now, searchedTo } = data
  const body = html`<div class="head"><div><h1>${headline(data)}</h1><p class="lede">Everything that eosflow was asked, has decided and has done, each line chained to the one before.</p></div></div>
    ${verificationCard(data)}
    ${kinds(filter)}
    ${filterForm(filter)}
    ${
      items.length === 0
        ? searchedTo === undefined && none(filter)
        : html`<div class="card"><div class="scroll"><table class="records">${heads('Record', 'What happened', ['Who', 'wide-only'], 'When')}
          ${byExecution(items).map((group) => groupOf(group, now))}</table></div></div>`
    }
    ${items.length > 0 && html`<p class="small muted below">These as <a href="${jsonAddress(filter)}" download="records.json">JSON</a>. The whole record: <code>eosflow audit export</code></p>`}
    ${searchedTo !== undefined && searchedCard('record', searchedTo, now, withQuery(address.record, { ...filter, after: next }))}
    ${next !== undefined && searchedTo === undefined && html`<nav class="paging" aria-label="Pages of the record"><a class="btn sp" rel="next" href="${withQuery(address.record, { ...filter, after: next })}">Older</a></nav>`}`
  return { title: 'Record', current: 'record', body }
}

function headline({ verification }: RecordData) {
  if (verification === undefined) return 'The record'
  if (verification === 'under way') return 'The record is being verified'
  const { fault, from, to } = verification.found
  if (fault !== undefined)
    return fault.seq === 0 ? 'The record does not hold' : `The record does not hold at ${fault.seq}`
  return `The record is intact: ${count(Math.max(0, to - from + 1), 'record')}`
}

function verificationCard({ verification, origin, now }: RecordData) {
  if (verification === undefined || verification === 'under way') return undefined
  const { found, at } = verification
  const { fault, root, own, anchors, keyed, to, signed } = found
  const doubts = doubtsIn(found)
  return html`<div class="card pad verified">
    <div class="row">${badge(
      fault === undefined
        ? { tone: 'ok', shape: '●', word: 'every record holds' }
        : { tone: 'bad', shape: '✕', word: 'tampered with, or damaged' },
    )}<span class="muted small">read from the first to the last, ${moment(at, now)}</span></div>
    ${fault !== undefined && html`<p class="bad-ink"><b>${fault.seq === 0 ? 'The chain' : `Record ${fault.seq}`} does not hold:</b> ${fault.reason}</p>`}
    <dl class="pairs"><div><dt>Store</dt><dd class="mono">${origin}</dd></div><div><dt>Head</dt><dd class="mono break">${to} · ${root}</dd></div>
    <div><dt>Checkpoints</dt><dd>${keyed ? `${own} in the record and ${anchors} from outside agree` : 'no signature was judged: there is no key here'}</dd></div></dl>
    ${signed.verified > 0 && html`<p class="muted small">${count(signed.verified, 'signed decision')} verified</p>`}
    ${doubts.length > 0 && html`<ul class="notes">${doubts.map((doubt) => html`<li class="note">${doubt}</li>`)}</ul>`}
    </div>`
}

function kinds(filter: RecordQuery) {
  const { kind } = recordsAsked(filter)
  const link = (is: 'acts' | 'all', word: string, to: RecordQuery) =>
    chip(withQuery(address.record, { ...to }), kind === is, word)
  return html`<div class="chips" role="group" aria-label="Which records">${link('acts', 'Acts, decisions, ends', { ...filter, kind: undefined, code: undefined })}${link('all', 'Every record', { ...filter, kind: 'all' })}</div>`
}

const NAMES = {
  execution: 'Execution',
  switch: 'Switch',
  actor: 'Who',
  code: 'Code',
  since: 'From',
  until: 'To',
} as const

type RecordName = keyof typeof NAMES

const namesIn = (filter: RecordQuery) =>
  (Object.keys(NAMES) as readonly RecordName[]).filter((name) => filter[name] !== undefined)

function filterForm(filter: RecordQuery) {
  const input = (name: RecordName, type?: string) =>
    textField({ id: `r-${name}`, name, label: NAMES[name], value: filter[name] }, type)
  const isOpen = namesIn(filter).length > 0
  return html`<details class="more-filters" ${attributes({ open: isOpen })}><summary>Filter by day, execution, switch, person</summary>
    <form method="get" action="${address.record}" class="filter" role="search" aria-label="Which records">
    ${filter.kind !== undefined && html`<input type="hidden" name="kind" value="${filter.kind}">`}${input('since', 'date')}${input('until', 'date')}${input('execution')}${input('switch')}${input('actor')}${input('code')}
    <button class="btn" type="submit">Filter</button></form></details>`
}

function none(filter: RecordQuery) {
  const given = namesIn(filter).map((name) => [name, NAMES[name].toLowerCase()] as const)
  if (given.length === 0) return empty('Nothing was asked or decided yet.')
  const all =
    recordsAsked(filter).kind === 'acts' &&
    html`<a class="btn sm" href="${withQuery(address.record, { ...filter, kind: 'all' })}">Look at every record</a>`
  return takeOneAway('record', address.record, { ...filter }, given, all)
}

function jsonAddress(filter: RecordQuery) {
  const { since, until, ...rest } = recordsAsked(filter)
  const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())
  return withQuery('/api/v1/audit/records', { ...rest, since: iso(since), until: iso(until), limit: '200' })
}

function byExecution(items: readonly RecordItem[]) {
  const groups: RecordItem[][] = []
  for (const item of items) {
    const last = groups.at(-1)
    if (last !== undefined && last[0]?.execution === item.execution) last.push(item)
    else groups.push([item])
  }
  return groups
}

function groupOf(group: readonly RecordItem[], now: number) {
  const [first] = group
  const id = first?.execution
  const about =
    id === undefined
      ? 'Outside of executions'
      : html`Execution <a class="mono" href="${address.execution(id)}">${id}</a>`
  return html`<tbody><tr class="day"><th scope="rowgroup" colspan="4">${about}</th></tr>${group.map((item) => row(item, now))}</tbody>`
}

const LONGEST = 120
const DIGEST = /sha256:([0-9a-f]{8})[0-9a-f]{56}/g

function saidShort(words: string) {
  const short = words.replaceAll(DIGEST, '$1')
  if (short === words && words.length <= LONGEST) return html`${words}`
  const cut = short.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')
  return html`<details><summary>${cut}${short.length > LONGEST && '…'}</summary>${words}</details>`
}

function row({ seq, at, code, words, actor, device, hash }: RecordItem, now: number) {
  return html`<tr id="${`record-${seq}`}"><th scope="row"><span class="mono">${seq}</span><div class="faint small mono" title="${hash}">${code}</div></th>
    <td><div class="said">${device !== undefined && html`<a class="quiet strong" href="${address.switch(device)}">${device}</a> `}${saidShort(words)}</div><div class="narrow-only faint small break">${actor}</div></td>
    <td class="muted small wide-only break">${actor}</td><td class="muted small nowrap">${moment(at, now)}</td></tr>`
}
