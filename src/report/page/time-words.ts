import { attributes, type Html, html } from './html.ts'

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
