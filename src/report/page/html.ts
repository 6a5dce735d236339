import { spokenNames } from '../phrases/spoken.ts'
import { present, switches, visible } from '../text/text.ts'

/** The addresses of the pages, so that a link and its route cannot part. Each part of a path is percent-encoded (RFC 3986 2.1). */
export const address = {
  overview: '/',
  executions: '/executions',
  execution: (id: string) => `/executions/${encoded(id)}`,
  approval: (digest: string) => `/plans/${encoded(digest)}`,
  decide: (digest: string) => `/plans/${encoded(digest)}/decisions`,
  startPlan: (digest: string) => `/plans/${encoded(digest)}/executions`,
  rebase: (digest: string) => `/plans/${encoded(digest)}/rebase`,
  rehearsal: (digest: string) => `/plans/${encoded(digest)}/rehearsal`,
  challenges: (digest: string) => `/api/v1/plans/${encoded(digest)}/challenges`,
  decisions: (digest: string) => `/api/v1/plans/${encoded(digest)}/decisions`,
  /** The form that asks before one of these acts on an execution; the answer is posted to the same address. */
  act: (id: string, act: 'stop' | 'resume' | 'redrive' | 'rollback' | 'suspend') => `/executions/${encoded(id)}/${act}`,
  records: (id: string) => `/executions/${encoded(id)}/records`,
  report: (id: string) => `/executions/${encoded(id)}/report.html`,
  workflows: '/workflows',
  workflow: (file: string) => `/workflows/${file.split('/').map(encoded).join('/')}`,
  switches: '/switches',
  switch: (name: string) => `/switches/${encoded(name)}`,
  /** Posted to: reads switches and compares them with what was confirmed; `switch` names one of them. */
  driftChecks: '/drift-checks',
  snapshots: '/snapshots',
  snapshotCompare: '/snapshots/diff',
  schedules: '/schedules',
  schedule: (name: string, act: 'pause' | 'continue' | 'run' | 'end') => `/schedules/${encoded(name)}/${act}`,
  record: '/record',
  policy: '/policy',
  me: '/me',
  /** Where the public key of a new passkey is posted: the answer shows the line for the trust file. */
  passkeys: '/me/passkeys',
  login: '/login',
  logout: '/logout',
  freeze: '/freeze',
  unfreeze: '/unfreeze',
  stopAll: '/stop-all',
} as const

function encoded(part: string) {
  return encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'))
}

// Text that is HTML: made by {@link html} and {@link attributes} alone, so that nothing else reaches a page as markup.
class Markup {
  readonly #text: string
  readonly #isAttributes: boolean

  constructor(text: string, isAttributes = false) {
    this.#text = text
    this.#isAttributes = isAttributes
  }

  get isAttributes(): boolean {
    return this.#isAttributes
  }

  toString(): string {
    return this.#text
  }
}

export type Html = Markup

export type Child = string | number | bigint | Html | undefined | false | readonly Child[]

type Place =
  | { readonly kind: 'text' }
  | { readonly kind: 'tag' }
  | { readonly kind: 'attribute' }
  | { readonly kind: 'address'; readonly before: string }

interface Template {
  readonly pieces: readonly string[]
  readonly places: readonly Place[]
}

const templates = new WeakMap<TemplateStringsArray, Template>()

/** Every string in it is escaped, and control, bidi and invisible characters are shown (report/text/visible.ts); {@link Html} values and lists of them stay as they are. In an attribute only text may be written, between double quotes; in a tag only {@link attributes}. */
export function html(strings: TemplateStringsArray, ...values: readonly Child[]): Html {
  const { pieces, places } = templates.get(strings) ?? readTemplate(strings)
  let text = pieces[0] ?? ''
  values.forEach((value, index) => {
    text += written(value, places[index] ?? { kind: 'text' }) + (pieces[index + 1] ?? '')
  })
  return new Markup(text)
}

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

const ATTRIBUTE = /^[a-z][a-z0-9-]*$/
const ADDRESS = /^(?:href|src|action|formaction)$/

/**
 * The attributes of a tag, for the place in a tag: `<input ${attributes({ checked })}>`. Throws a TypeError for a name that is
 * none, for a handler (`onclick`) and for `style`, which the pages' policy forbids.
 */
export function attributes(given: Attributes): Html {
  const text = Object.entries(given).flatMap(([name, value]) => {
    if (!ATTRIBUTE.test(name) || name.startsWith('on') || name === 'style' || name === 'srcdoc') {
      throw new TypeError(`no attribute for a page: ${name}`)
    }
    if (value === undefined || value === false) return []
    if (value === true) return [name]
    return [`${name}="${ADDRESS.test(name) ? safeAddress(String(value), '') : escaped(String(value))}"`]
  })
  return new Markup(text.join(' '), true)
}

function written(value: Child, place: Place): string {
  if (value === undefined || value === false) return ''
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    if (place.kind === 'tag') throw new TypeError('text in a tag is written with attributes()')
    return place.kind === 'address' ? safeAddress(String(value), place.before) : escaped(String(value))
  }
  if (value instanceof Markup) {
    if (value.isAttributes ? place.kind !== 'tag' : place.kind !== 'text') {
      throw new TypeError('HTML is at a place where it has no meaning')
    }
    return value.toString()
  }
  if (!Array.isArray(value)) throw new TypeError('a template holds text, HTML and lists of them')
  return value.map((one: Child) => written(one, place)).join('')
}

function escaped(text: string) {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('`', '&#96;')
}

const HARMLESS = /^(?:\/(?![/\\])|\?|#|https?:\/\/|mailto:|$)/i

function safeAddress(value: string, before: string) {
  if (before === '' && !HARMLESS.test(value)) throw new TypeError(`an address that a page may not lead to: ${value}`)
  return escaped(value)
}

function readTemplate(strings: TemplateStringsArray): Template {
  if (!Object.isFrozen(strings) || !Object.hasOwn(strings, 'raw')) throw new TypeError('html is for templates only')
  const reader = new PlaceReader()
  const places = strings.slice(0, -1).map((piece) => reader.read(piece))
  reader.read(strings.at(-1) ?? '')
  if (!reader.isBetweenTags()) throw new TypeError('a template ends within a tag')
  const template = { pieces: strings.map((piece) => piece.replace(/\n\s+/g, '\n')), places }
  templates.set(strings, template)
  return template
}

class PlaceReader {
  #at: 'text' | 'tag' | 'attribute' = 'text'
  #tag = ''
  #attribute = ''
  #value = ''

  isBetweenTags(): boolean {
    return this.#at === 'text'
  }

  read(piece: string): Place {
    for (const character of piece) {
      if (this.#at === 'text') this.#inText(character)
      else if (this.#at === 'tag') this.#inTag(character)
      else this.#inAttribute(character)
    }
    return this.#place()
  }

  #inText(character: string) {
    if (character !== '<') return
    this.#at = 'tag'
    this.#tag = ''
  }

  #inTag(character: string) {
    if (character === '>') {
      if (/^(?:style\b|script(?!\s+src="))/i.test(this.#tag)) throw new TypeError('a page has no script or style in it')
      this.#at = 'text'
    } else if (character === "'") {
      throw new TypeError('an attribute is written between double quotes')
    } else if (character === '"') {
      this.#attribute = /([^\s=]+)=$/.exec(this.#tag)?.[1]?.toLowerCase() ?? ''
      if (this.#attribute.startsWith('on') || this.#attribute === 'style' || this.#attribute === 'srcdoc') {
        throw new TypeError(`no attribute for a page: ${this.#attribute}`)
      }
      this.#at = 'attribute'
      this.#value = ''
    }
    this.#tag += character
  }

  #inAttribute(character: string) {
    this.#value += character
    if (character !== '"') return
    this.#tag += character
    this.#at = 'tag'
  }

  #place(): Place {
    if (this.#at === 'text') return { kind: 'text' }
    if (this.#at === 'attribute') {
      return ADDRESS.test(this.#attribute) ? { kind: 'address', before: this.#value } : { kind: 'attribute' }
    }
    if (!/\s$/.test(this.#tag)) throw new TypeError('a value in a tag is attributes(), or between double quotes')
    return { kind: 'tag' }
  }
}

export const TOKEN_FIELD = 'csrf'

export function actForm(
  { action, csrf, label }: { readonly action: string; readonly csrf: string; readonly label?: string },
  inner: Child,
  more: Attributes = {},
): Html {
  return html`<form method="post" ${attributes({ action, class: 'form', 'aria-label': label, ...more })}>
    <input type="hidden" name="${TOKEN_FIELD}" value="${csrf}">
    ${inner}
    </form>`
}

export function field({
  id,
  label,
  hint,
  problem,
  control,
}: {
  readonly id: string
  readonly label: string
  readonly hint?: string | undefined
  readonly problem?: string | undefined
  readonly control: (described: { readonly 'aria-describedby'?: string; readonly 'aria-invalid'?: string }) => Html
}): Html {
  const about = present(hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`)
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${control({
      ...(about.length === 0 ? {} : { 'aria-describedby': about.join(' ') }),
      ...(problem === undefined ? {} : { 'aria-invalid': 'true' }),
    })}
    ${hint !== undefined && html`<p class="hint" id="${`${id}-hint`}">${hint}</p>`}
    ${problem !== undefined && html`<p class="problem" id="${`${id}-problem`}">${problem}</p>`}
    </div>`
}

/** A choice of one of several, `''` for none of them. */
export function choice(
  { id, name, chosen }: { readonly id: string; readonly name: string; readonly chosen?: string | undefined },
  options: readonly (readonly [value: string, word: string])[],
): Html {
  return html`<select ${attributes({ id, name })}>${options.map(
    ([value, word]) => html`<option ${attributes({ value, selected: value === (chosen ?? '') })}>${word}</option>`,
  )}</select>`
}

type Tone = 'ok' | 'run' | 'live' | 'bad' | 'undo' | 'idle'

/** A state as a shape, a word and a colour, so that no reader needs the colour. */
export interface Badge {
  readonly tone: Tone
  readonly shape: '●' | '◐' | '◔' | '✕' | '↺' | '○' | '▲'
  readonly word: string
}

export function badge({ tone, shape, word }: Badge): Html {
  return html`<span ${attributes({ class: `st ${tone}` })}><span aria-hidden="true">${shape}</span>${word}</span>`
}

const STANDINGS: Readonly<Record<string, Badge>> = {
  succeeded: { tone: 'ok', shape: '●', word: 'succeeded' },
  tolerated: { tone: 'live', shape: '▲', word: 'succeeded, some failed' },
  'nothing-to-do': { tone: 'idle', shape: '○', word: 'nothing to do' },
  planned: { tone: 'idle', shape: '○', word: 'planned' },
  refused: { tone: 'live', shape: '✕', word: 'refused' },
  'rolled-back': { tone: 'undo', shape: '↺', word: 'rolled back' },
  cancelled: { tone: 'undo', shape: '↺', word: 'cancelled' },
  failed: { tone: 'bad', shape: '✕', word: 'failed' },
  unknown: { tone: 'bad', shape: '✕', word: 'unknown' },
  waiting: { tone: 'run', shape: '◔', word: 'waits for approval' },
  'waiting-for-signal': { tone: 'run', shape: '◔', word: 'waits for an answer' },
  suspended: { tone: 'idle', shape: '◔', word: 'suspended' },
  running: { tone: 'run', shape: '◐', word: 'running' },
  compensating: { tone: 'undo', shape: '◐', word: 'putting back' },
  open: { tone: 'live', shape: '▲', word: 'open, nobody runs it' },
}

/** The badge of an execution by its standing (`standingWord`, report/execution/row.ts). */
export function standingBadge(standing: string): Badge {
  return STANDINGS[standing] ?? { tone: 'idle', shape: '○', word: standing }
}

/** The words of every standing, in the order in which a filter offers them. */
export const STANDING_WORDS: readonly (readonly [standing: string, word: string])[] = Object.entries(STANDINGS).map(
  ([standing, { word }]) => [standing, word],
)

/** `a`, `a and b`, `a, b and c`; more than `most` are counted: `a, b and 38 more`. */
export function listed(names: readonly string[], most = 6): string {
  return spokenNames(names, most)
}

export function namedSwitches(names: readonly string[]): string {
  return names.length === 0 || names.length > 3 ? switches(names.length) : listed(names)
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** It is written in UTC, which its title says in full; the script of the page shows it in the time zone of the reader. `at` is in milliseconds since 1970 or ISO 8601, `now` in milliseconds: on another day the date is shown too. */
export function moment(at: number | string, now: number): Html {
  const date = new Date(at)
  const iso = date.toISOString()
  const clock = `${iso.slice(11, 16)} UTC`
  const isToday = iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10)
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`
  const year = date.getUTCFullYear() === new Date(now).getUTCFullYear() ? '' : ` ${date.getUTCFullYear()}`
  return html`<time datetime="${iso}" title="${iso.slice(0, 19).replace('T', ' ')} UTC">${isToday ? clock : `${day}${year}, ${clock}`}</time>`
}

const HOUR = 3_600_000

/**
 * When something was, for a list: within the last hour how long ago that is, which the page's script keeps true; before that the time,
 * of day alone where a heading names the day.
 */
export function ago(at: number | string, now: number, isBelowDay = false): Html {
  const since = now - new Date(at).getTime()
  const iso = new Date(at).toISOString()
  const isOlder = since < 0 || since >= HOUR
  if (isOlder && isBelowDay)
    return html`<time datetime="${iso}" data-clock="" title="${iso.slice(0, 19).replace('T', ' ')} UTC">${iso.slice(11, 16)} UTC</time>`
  if (isOlder) return moment(at, now)
  const minutes = Math.floor(since / 60_000)
  const words = minutes === 0 ? 'just now' : `${minutes} min ago`
  return html`<time datetime="${iso}" data-ago="${new Date(at).getTime()}" title="${iso.slice(0, 19).replace('T', ' ')} UTC">${words}</time>`
}

/**
 * How long until a point in time, in milliseconds since 1970: the page's script counts it down by the clock of the server. Once it
 * is over it is `0 s`.
 */
export function countdown(until: number, now: number): Html {
  return html`<span ${attributes({ 'data-until': until })}>${span(until - now)}</span>`
}

/** A length of time for people: the two largest units of `9 min 15 s`, `3 h 58 min`, `2 d 4 h`. */
export function span(milliseconds: number): string {
  const all = Math.max(0, Math.floor(milliseconds / 1000))
  const [d, h, m, s] = [
    Math.floor(all / 86_400),
    Math.floor(all / 3600) % 24,
    Math.floor(all / 60) % 60,
    all % 60,
  ] as const
  if (d > 0) return h === 0 ? `${d} d` : `${d} d ${h} h`
  if (h > 0) return m === 0 ? `${h} h` : `${h} h ${m} min`
  if (m > 0) return s === 0 ? `${m} min` : `${m} min ${s} s`
  return `${s} s`
}

/** An address with the query members that are given and not empty. */
export function withQuery(path: string, members: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(members).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}=${encodeURIComponent(value.replace(/\p{Cs}/gu, '\ufffd'))}`],
  )
  return given.length === 0 ? path : `${path}?${given.join('&')}`
}

/** A backtick without its second one stays. */
export function prose(text: string): Html {
  const parts = text.split(/`([^`\n]+)`/)
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`
}

export type NavigationSection =
  | 'overview'
  | 'executions'
  | 'workflows'
  | 'switches'
  | 'snapshots'
  | 'schedules'
  | 'record'
  | 'policy'
  | 'me'

export interface Viewer {
  readonly name: string
  /** The session's token that each form of the page posts as `csrf`. */
  readonly csrf: string
  readonly hasSchedules?: boolean
}

interface Assets {
  readonly style: string
  readonly script: string
}

export interface PageContent {
  readonly title: string
  readonly current?: NavigationSection
  readonly body: Html
  readonly bar?: Html
  /** Where the stream of the page's events is, as `/stream?topics=overview&after=…`; undefined for a page that does not move. */
  readonly stream?: string
}

export interface Frame {
  readonly me?: Viewer
  readonly assets: Assets
  /** When the page is made, in milliseconds since 1970: the browser corrects its own clock by it. */
  readonly now: number
}

const SECTIONS: readonly (readonly [NavigationSection, string, string])[] = [
  ['overview', 'Overview', address.overview],
  ['executions', 'Executions', address.executions],
  ['workflows', 'Workflows', address.workflows],
  ['switches', 'Switches', address.switches],
  ['snapshots', 'Snapshots', address.snapshots],
  ['schedules', 'Schedules', address.schedules],
  ['record', 'Record', address.record],
  ['policy', 'Policy', address.policy],
]

// Those that are in sight on a narrow screen; the others are behind *More* there.
const FIRST: ReadonlySet<NavigationSection> = new Set(['overview', 'executions', 'workflows', 'switches', 'record'])

/** It holds no script and no style, so that it works under the policy `default-src 'none'; script-src 'self'; style-src 'self'`, and it is read from top to bottom without them. */
export function page({ title, current, body, bar, me, assets, now, stream }: PageContent & Frame): string {
  return html`<!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title} · eosflow</title>
    <link rel="stylesheet" href="/web/${assets.style}">
    <script src="/web/${assets.script}" type="module"></script>
    </head>
    <body ${attributes({ 'data-now': now, 'data-stream': stream })}>
    <a class="skip" href="#main">Skip to content</a>
    <header class="top">
    <a class="brand" href="/">${mark()}eosflow</a>
    ${me !== undefined && navigation(current, me.hasSchedules === true)}
    ${me !== undefined && who(me, current, stream !== undefined)}
    </header>
    <main id="main" tabindex="-1">
    ${body}
    </main>
    ${bar !== undefined && html`<div class="bar" role="region" aria-label="Decide"><div class="bar-in">${bar}</div></div>`}
    </body>
    </html>
    `.toString()
}

function navigation(current: NavigationSection | undefined, hasSchedules: boolean) {
  const shown = SECTIONS.filter(([section]) => section !== 'schedules' || hasSchedules || current === 'schedules')
  const link = ([section, name, to]: (typeof SECTIONS)[number]) =>
    html`<a ${attributes({ href: to, class: !FIRST.has(section) && 'rest', 'aria-current': section === current && 'page' })}>${name}</a>`
  const rest = shown.filter(([section]) => !FIRST.has(section))
  const [, here] = rest.find(([section]) => section === current) ?? []
  return html`<nav class="main" aria-label="Main">${shown.map(link)}<details class="menu more"><summary ${attributes({ class: here !== undefined && 'here' })}>${here ?? 'More'}</summary><div class="drop">${rest.map(
    ([section, name, to]) =>
      html`<a ${attributes({ href: to, 'aria-current': section === current && 'page' })}>${name}</a>`,
  )}</div></details></nav>`
}

function who(me: Viewer, current: NavigationSection | undefined, live: boolean) {
  return html`<div class="who">
    ${live && html`<span class="live" role="status" data-live="off" hidden><span class="live-dot" aria-hidden="true"></span><span class="live-word">Live</span></span>`}
    <a href="${address.me}" ${attributes({ 'aria-current': current === 'me' && 'page' })}>${me.name}</a>
    </div>`
}

function mark() {
  return html`<svg class="mark" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true"><path d="M2 4h6a5 5 0 0 1 0 10H2M10 9h6M13 5.5 16.5 9 13 12.5" fill="none" stroke="currentColor" stroke-width="2"/></svg>`
}
