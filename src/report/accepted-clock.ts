import { switches, visibleLine } from './text/text.ts'

export interface AcceptedClock {
  /** The newest record, and this machine's time; ISO 8601 in UTC. */
  readonly latest: string
  readonly now: string
  readonly agreeing: number
}

export function acceptedText({ now, latest, agreeing }: AcceptedClock): string {
  const who = agreeing === 0 ? 'no switch vouches for it' : `${switches(agreeing)} agree with it`
  return visibleLine(`Accepted: this machine's clock, ${now}, against records up to ${latest}; ${who}`)
}
