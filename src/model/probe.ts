/** What is asked over and over while a change is in force: whether an address answers a switch. */
export interface ProbeSpec {
  /** The switch that sends the echo request. */
  readonly from: string
  readonly to: string
  readonly vrf: string
  /** The address or interface that it sends from. Absent: the switch chooses. */
  readonly source?: string
  /** Seconds between two questions. */
  readonly every: number
}

/** Whether an address answers; `unknown` where nobody can say. */
export type ProbeStanding = 'answers' | 'gone' | 'unknown'

/** A time, in milliseconds, between what it was at least and at most. */
export interface TimeBounds {
  readonly least: number
  readonly most: number
}

/** When an address did not answer. `from` is the last answer before, `to` the first one behind; without `to` it had not answered again. ISO 8601 in UTC. */
export interface GoneSpan extends TimeBounds {
  readonly from: string
  readonly to?: string
}

/** When nobody could say whether an address answers, and why. */
export interface UnmeasuredSpan {
  readonly from: string
  readonly to?: string
  readonly because: string
}

/** What was measured of one pair from the first timed commit on. */
export interface ProbeReading extends ProbeSpec {
  /** What it was right before the first timed commit. */
  readonly before: ProbeStanding
  readonly now: ProbeStanding
  /** How many echo requests were asked for, and how many of them were not answered. */
  readonly sent: number
  readonly lost: number
  /** The longest time between two answers that follow each other, in milliseconds: what is shorter may have been missed. */
  readonly apart: number
  /** How long it was gone in all, the longest time of these, and the first times. */
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

/** A session or a port that was down while a change was in force, by what the rounds of the verification have read. ISO 8601 in UTC; without `to` it was not seen up again. */
export interface SeenDown extends TimeBounds {
  readonly device: string
  /** `interface Ethernet1`, `BGP 10.0.0.1 in default`. */
  readonly thing: string
  /** Whether the switch has told since when it was down and up, or the rounds lie around it. */
  readonly by: 'switch' | 'rounds'
  readonly from: string
  readonly to?: string
}

/** What rounds have seen of sessions and ports. */
export interface SeenStandings {
  /** Of how many something was read. */
  readonly looked: number
  /** Those that were down, the longest first. */
  readonly down: readonly SeenDown[]
}

/** A pair as it is named: `leaf1 to 10.0.250.13 vrf PROD`. */
export function probeName({ from, to, vrf, source }: Omit<ProbeSpec, 'every'>): string {
  return `${from} to ${to}${vrf === 'default' ? '' : ` vrf ${vrf}`}${source === undefined ? '' : ` source ${source}`}`
}
