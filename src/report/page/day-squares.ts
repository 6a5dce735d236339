import { type Badge, standingBadge } from './badge.ts'
import { attributes, type Html, html } from './html.ts'

type Begun = readonly { readonly at: string; readonly standing: string }[]

const HOUR = 3_600_000
/** The gravest first: it gives an hour its colour, and comes first. */
const GRAVE: readonly Badge['tone'][] = ['bad', 'undo', 'live', 'run', 'ok', 'idle']

const toneOf = (standing: string): Badge['tone'] => (standing === 'open' ? 'run' : standingBadge(standing).tone)
const rank = (standing: string): number => GRAVE.indexOf(toneOf(standing))

/** How many executions ended how, the gravest first: `1 rolled back, 861 succeeded`. */
export function dayWords(day: Begun): string {
  const counts = new Map<string, number>()
  for (const { standing } of day) counts.set(standing, (counts.get(standing) ?? 0) + 1)
  return (
    [...counts]
      .toSorted(([a], [b]) => rank(a) - rank(b))
      // Whether somebody runs what has not ended nobody has asked for this.
      .map(([standing, many]) => `${many} ${standing === 'open' ? 'not ended' : standingBadge(standing).word}`)
      .join(', ')
  )
}

/** With fewer hours than this in which something began, words say all that squares would. */
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
