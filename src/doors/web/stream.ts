import { now, setClock } from './clock.ts'
import { showPage, showRegion } from './morph.ts'

/** How long to wait before the page is asked for again, in milliseconds. */
const AGAIN = 5_000

let source: EventSource | undefined
/** The newest record that is shown, as the stream names it. */
let cursor: string | undefined
const seen = new Map<string, number>()

/**
 * Follows what happens while the page is looked at: one stream for each tab, and none for a tab that is hidden. A page without a stream
 * stays as it is, and so does what is typed into it.
 */
export function follow(): void {
  if (document.body.dataset.stream === undefined) return
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : void resync()))
  addEventListener('pagehide', close)
  if (!document.hidden) open()
}

function open(): void {
  const address = document.body.dataset.stream
  if (address === undefined || source !== undefined) return
  const url = new URL(address, location.href)
  if (cursor !== undefined) url.searchParams.set('after', cursor)
  source = new EventSource(url)
  source.onopen = () => say('on', 'Live')
  source.onerror = () => {
    if (source?.readyState === EventSource.CLOSED) later()
    else say('off', 'Reconnecting')
  }
  source.addEventListener('record', ({ lastEventId }) => {
    cursor = lastEventId
  })
  source.addEventListener('region', ({ data, lastEventId }) => {
    if (lastEventId !== '') cursor = lastEventId
    const { region, seq, html } = JSON.parse(data) as { region: string; seq: number; html: string }
    if (seq < (seen.get(region) ?? 0)) return
    seen.set(region, seq)
    if (showRegion(region, html)) void refresh()
  })
  source.addEventListener('pulse', ({ data }) => pulse(JSON.parse(data) as Pulse))
  source.addEventListener('resync', () => void resync())
  source.addEventListener('bye', later)
}

function close(): void {
  source?.close()
  source = undefined
  say('off', 'Not live')
}

/** The server ends, or the stream cannot be had: the page says so, and asks again. */
function later(): void {
  close()
  setTimeout(() => document.hidden || void resync(), AGAIN)
}

/** Asks for the parts of the page that are the viewer's own and come with no event, such as the buttons; the stream goes on. */
async function refresh(): Promise<void> {
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
    if (answer.ok && !answer.redirected) showPage(await answer.text())
  } catch {
    // The next event, or the next loss of the stream, asks again.
  }
}

/** Asks for the whole page once more, and follows from there. A page that is another one now is loaded as a whole. */
async function resync(): Promise<void> {
  close()
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
    if (answer.redirected || !showPage(await answer.text())) return location.reload()
    setClock(Number(document.body.dataset.now))
    cursor = undefined
    seen.clear()
    open()
  } catch {
    setTimeout(() => document.hidden || void resync(), AGAIN)
  }
}

/** What a verification knows before it is on record. Seconds and milliseconds as the server names them. */
interface Pulse {
  readonly execution: string
  readonly switch: string
  readonly round: number
  /** Since when all rounds were good, milliseconds since 1970 or ISO 8601; absent where the last was not. */
  readonly goodSince?: number | string
  /** Seconds. */
  readonly timerLeft?: number
}

function pulse({ execution, switch: name, round, goodSince, timerLeft }: Pulse): void {
  const of = (what: string): NodeListOf<HTMLElement> =>
    document.querySelectorAll(`[data-${what}="${CSS.escape(`${execution} ${name}`)}"]`)
  for (const one of of('round')) one.textContent = String(round)
  if (timerLeft !== undefined) for (const one of of('timer')) one.dataset.until = String(now() + timerLeft * 1000)
  for (const one of of('good')) {
    if (goodSince === undefined) delete one.dataset.since
    else one.dataset.since = String(new Date(goodSince).getTime())
  }
}

function say(state: 'on' | 'off', word: string): void {
  const live = document.querySelector<HTMLElement>('[data-live]')
  if (live === null) return
  live.hidden = false
  if (live.dataset.live === state && live.textContent?.trim() === word) return
  live.dataset.live = state
  const shown = live.querySelector('.live-word')
  if (shown !== null) shown.textContent = word
}
