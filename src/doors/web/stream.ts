import { Idiomorph } from 'idiomorph'
import { localize, now, setClock, tick } from './clock.ts'

interface TypesFactory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): { createHTML(text: string): string }
}

const factory = (globalThis as { readonly trustedTypes?: TypesFactory }).trustedTypes
const policy = factory?.createPolicy('eosflow', { createHTML: inert })

function inert(text: string): string {
  if (/<script(?! src="\/web\/)/i.test(text)) throw new TypeError('a script in a region')
  return text
}

function read(text: string): Document {
  return new DOMParser().parseFromString(policy?.createHTML(text) ?? inert(text), 'text/html')
}

function showRegion(name: string, text: string): boolean {
  const place = `[data-region="${CSS.escape(name)}"]`
  const [region, sent] = [document.querySelector(place), read(text).querySelector(place)]
  if (region === null || sent === null) return false
  const changed = region.getAttribute('data-standing') !== sent.getAttribute('data-standing')
  morph(region, sent)
  return changed
}

function showPage(text: string): boolean {
  const sent = read(text)
  const [main, fresh] = [document.getElementById('main'), sent.getElementById('main')]
  if (main === null || fresh === null || sent.title !== document.title) return false
  morph(main, fresh)
  // What can no longer be pressed is not offered: of a bar that stays nothing changes, so that a passkey's button goes on working.
  if (sent.querySelector('.bar') === null) document.querySelector('.bar')?.remove()
  Object.assign(document.body.dataset, sent.body.dataset)
  return true
}

function morph(was: Element, is: Element): void {
  void Idiomorph.morph(was, is, {
    ignoreActiveValue: true,
    callbacks: {
      beforeAttributeUpdated: (name: string, node: Element) => !(name === 'open' && node instanceof HTMLDetailsElement),
    },
  })
  localize(document)
  tick()
}

// How long to wait before the page is asked for again, in milliseconds.
const AGAIN = 5_000

let source: EventSource | undefined
let cursor: string | undefined
const seen = new Map<string, number>()

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

function later(): void {
  close()
  setTimeout(() => document.hidden || void resync(), AGAIN)
}

async function refresh(): Promise<void> {
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
    if (answer.ok && !answer.redirected) showPage(await answer.text())
  } catch {
    // The next event, or the next loss of the stream, asks again.
  }
}

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

// Seconds and milliseconds as the server names them.
interface Pulse {
  readonly execution: string
  readonly switch: string
  readonly round: number
  // Since when all rounds were good, milliseconds since 1970 or ISO 8601; absent where the last was not.
  readonly goodSince?: number | string
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
