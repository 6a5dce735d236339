import { type AuditRecord, type AuditSource, auditFields } from '../audit-record.ts'
import type { AuditVerification } from '../audit-verification.ts'
import { doubtsIn } from '../audit-verification.ts'
import { count } from '../count.ts'
import { eventWords } from '../event-words.ts'
import { address } from './address.ts'
import { badge } from './badge.ts'
import { field } from './form.ts'
import { attributes, type Html, html } from './html.ts'
import type { PageContent } from './layout.ts'
import { moment } from './moment.ts'
import { withQuery } from './query.ts'

/** A record as a page shows it: plain data. */
export interface RecordItem {
  readonly seq: number
  /** ISO 8601. */
  readonly at: string
  readonly code: string
  /** The type, the state it is about, what happened; an error may have several lines. */
  readonly words: string
  readonly actor: string
  readonly execution?: string | undefined
  readonly device?: string | undefined
  readonly outcome: string
  /** In hex. */
  readonly hash: string
}

/** The item of a record, in the words in which it leaves the store. */
export function recordItem(record: AuditRecord, source: AuditSource): RecordItem {
  const { code, outcome, members } = auditFields(record, source)
  const words = `${record.event.type} ${eventWords(record.event)}`.trim()
  const { seq, at, actor, execution } = record.event
  return { seq, at, code, words, outcome, actor, execution, device: members.device, hash: record.hash }
}

/** Which records are shown, by the names in the address. */
export interface RecordQuery {
  readonly execution?: string | undefined
  readonly switch?: string | undefined
  readonly actor?: string | undefined
  readonly code?: string | undefined
}

/** One page of the record, newest first, with what vouches for it. */
export interface RecordData {
  readonly now: number
  readonly origin: string
  readonly filter: RecordQuery
  readonly items: readonly RecordItem[]
  /** The cursor behind the last item, where there are more. */
  readonly next?: string | undefined
  /** What was found when all of it was read; absent where nobody has read it yet. */
  readonly verification?: { readonly found: AuditVerification; readonly at: string } | 'under way' | undefined
}

/** The record: what happened, by whom, and whether every line of it still holds. */
export function recordPage(data: RecordData): PageContent {
  const { items, filter, next, now } = data
  const body = html`<div class="head"><div><h1>${headline(data)}</h1><p class="lede">Everything that eosflow was asked, has decided and has done, each line chained to the one before.</p></div></div>
    ${verificationCard(data)}
    ${filterForm(filter)}
    ${
      items.length === 0
        ? html`<div class="card pad empty"><p>No record is like that. <a href="${address.record}">Show all</a></p></div>`
        : html`<div class="card"><div class="scroll"><table class="records"><thead><tr><th scope="col">Record</th><th scope="col">What happened</th><th scope="col" class="wide-only">Who</th><th scope="col">When</th></tr></thead>
          <tbody>${items.map((item) => row(item, now))}</tbody></table></div></div>`
    }
    ${next !== undefined && html`<nav class="paging" aria-label="Pages of the record"><a class="btn sp" rel="next" href="${withQuery(address.record, { ...filter, after: next })}">Older</a></nav>`}`
  return { title: 'Record', current: 'record', body }
}

function headline({ verification }: RecordData): string {
  if (verification === undefined) return 'The record'
  if (verification === 'under way') return 'The record is being verified'
  const { fault, from, to } = verification.found
  if (fault !== undefined)
    return fault.seq === 0 ? 'The record does not hold' : `The record does not hold at ${fault.seq}`
  return `The record is intact: ${count(Math.max(0, to - from + 1), 'record')}`
}

function verificationCard({ verification, origin, now }: RecordData): Html | undefined {
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

function filterForm(filter: RecordQuery): Html {
  const text = (name: keyof RecordQuery, label: string) =>
    field({
      id: `r-${name}`,
      label,
      control: () =>
        html`<input ${attributes({ id: `r-${name}`, name, type: 'text', value: filter[name] ?? '', autocomplete: 'off', spellcheck: 'false' })}>`,
    })
  return html`<form method="get" action="${address.record}" class="filter" role="search" aria-label="Which records">
    ${text('execution', 'Execution')}${text('switch', 'Switch')}${text('actor', 'Who')}${text('code', 'Code')}
    <button class="btn" type="submit">Filter</button></form>`
}

/** More than this of a record is folded. */
const LONGEST = 300

function saidShort(words: string): Html {
  if (words.length <= LONGEST) return html`${words}`
  const cut = words.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')
  return html`${cut}…<details><summary>all of it</summary>${words}</details>`
}

function row({ seq, at, code, words, actor, execution, device, hash }: RecordItem, now: number): Html {
  return html`<tr id="${`record-${seq}`}"><th scope="row"><span class="mono">${seq}</span><div class="faint small mono" title="${hash}">${code}</div></th>
    <td><div class="said">${device !== undefined && html`<a class="quiet strong" href="${address.switch(device)}">${device}</a> `}${saidShort(words)}</div>
    ${execution !== undefined && html`<div class="small"><a class="faint mono" href="${address.execution(execution)}">${execution}</a></div>`}<div class="narrow-only faint small break">${actor}</div></td>
    <td class="muted small wide-only break">${actor}</td><td class="muted small nowrap">${moment(at, now)}</td></tr>`
}
