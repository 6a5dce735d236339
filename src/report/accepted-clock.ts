import { switches } from './text/count.ts'
import { visibleLine } from './text/visible.ts'

/** A clock that was accepted, as it is on record. */
export interface AcceptedClock {
  /** The newest record, and this machine's time; ISO 8601 in UTC. */
  readonly latest: string
  readonly now: string
  /** How many switches agree with this machine's clock. */
  readonly agreeing: number
}

/** A clock that was accepted, in one line. */
export function acceptedText({ now, latest, agreeing }: AcceptedClock): string {
  const who = agreeing === 0 ? 'no switch vouches for it' : `${switches(agreeing)} agree with it`
  return visibleLine(`Accepted: this machine's clock, ${now}, against records up to ${latest}; ${who}`)
}
