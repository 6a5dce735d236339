export interface ProbeSpec {
  readonly from: string
  readonly to: string
  readonly vrf: string
  readonly source?: string
  readonly every: number
}

export type ProbeStanding = 'answers' | 'gone' | 'unknown'

/** A time, in milliseconds, between what it was at least and at most. */
export interface TimeBounds {
  readonly least: number
  readonly most: number
}

/** ISO 8601 in UTC. */
export interface GoneSpan extends TimeBounds {
  readonly from: string
  readonly to?: string
}

export interface UnmeasuredSpan {
  readonly from: string
  readonly to?: string
  readonly because: string
}

export interface ProbeReading extends ProbeSpec {
  readonly before: ProbeStanding
  readonly now: ProbeStanding
  readonly sent: number
  readonly lost: number
  /** The longest time between two answers that follow each other, in milliseconds: what is shorter may have been missed. */
  readonly apart: number
  readonly gone: TimeBounds & {
    readonly times: number
    readonly longest: TimeBounds
    readonly spans: readonly GoneSpan[]
  }
  /** For how many milliseconds it was not measured, and the first times. */
  readonly unmeasured: {
    readonly times: number
    readonly milliseconds: number
    readonly spans: readonly UnmeasuredSpan[]
  }
}

/** ISO 8601 in UTC; without `to` it was not seen up again. */
export interface SeenDown extends TimeBounds {
  readonly device: string
  readonly thing: string
  /** Whether the switch has told since when it was down and up, or the rounds lie around it. */
  readonly by: 'switch' | 'rounds'
  readonly from: string
  readonly to?: string
}

export interface SeenStandings {
  readonly looked: number
  readonly down: readonly SeenDown[]
}

/** A pair as it is named: `leaf1 to 10.0.250.13 vrf PROD`. */
export function probeName({ from, to, vrf, source }: Omit<ProbeSpec, 'every'>): string {
  return `${from} to ${to}${vrf === 'default' ? '' : ` vrf ${vrf}`}${source === undefined ? '' : ` source ${source}`}`
}
