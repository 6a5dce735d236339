import { address } from './address.ts'
import { attributes, type Html, html } from './html.ts'

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

export interface Assets {
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
