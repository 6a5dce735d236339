import { type Html, html, moment } from './html.ts'

/** `to`: ISO 8601. */
export function searchedCard(what: string, to: string, now: number, next: string): Html {
  return html`<div class="card pad empty below"><p>Searched back to ${moment(to, now)}. No earlier ${what} was looked at.</p><p><a class="btn sm" rel="next" href="${next}">Search on</a></p></div>`
}
