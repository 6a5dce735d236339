import { confirmSeconds, DEFAULT_ROUND_TRIP, pushSeconds } from '../../model/commit-time.ts'
import { formatDuration } from '../../text/source/duration.ts'
import { confirmConcurrencyOf } from './concurrency.ts'
import type { Workflow } from './definition/workflow.ts'

/** What must be left of a commit timer beyond everything that is counted, in seconds. */
export const TIMER_RESERVE = 30
/** The same that should be left where workers drive, behind the time in which nobody does: who goes on asks every switch first how it is. */
export const FAILOVER_RESERVE = 60

/** What the arithmetic of the commit timer is made of, in seconds. */
export interface TimerTerms {
  readonly atomic: Workflow['rollout']['atomic']
  readonly concurrency: number
  readonly confirmConcurrency?: number
  readonly timers: Pick<
    Workflow['timers'],
    'confirmWithin' | 'verifyWithin' | 'perRound' | 'perWave' | 'soak' | 'failover' | 'reserve'
  >
  /** Without it nobody has measured one: 200. */
  readonly roundTrip?: number
  readonly form?: Workflow['form']
}

/** One wave: how many switches, and how long the verification of one may take, in seconds. */
export interface WaveTime {
  readonly switches: number
  readonly within: number
}

/** Why a commit timer cannot hold, and what it would have to be longer than, in seconds. */
export interface TimerFault {
  readonly message: string
  readonly needed: number
}

/** Why the commit timer cannot hold for these waves, or undefined. The first switch must outlive everything up to the last confirm of what is confirmed together (ADR 0005): the rounds of push, verification and confirm and every soak, of all waves, of its own wave or of itself alone. */
export function timerFault(terms: TimerTerms, waves: readonly WaveTime[]): TimerFault | undefined {
  const { confirmWithin, failover = 0, reserve = TIMER_RESERVE } = terms.timers
  const { verifying, waiting, handling, where, switches } = longestUnit(terms, waves)
  const needed = verifying + waiting + handling + failover + reserve
  if (confirmWithin > needed) return undefined
  const parts = [
    `${formatDuration(verifying)} of verification ${where}`,
    ...(waiting === 0 ? [] : [`${formatDuration(waiting)} of waiting`]),
    `${formatDuration(handling)} to push and confirm ${switches === 1 ? 'it' : `${switches} switches`}`,
    ...(failover === 0 ? [] : [`${formatDuration(failover)} until a worker that died is replaced (\`ttl\`)`]),
    `${formatDuration(reserve)} in reserve`,
  ]
  const what = reserve === TIMER_RESERVE ? 'cannot hold' : 'may run out when a worker dies'
  const message = `the commit timer of ${formatDuration(confirmWithin)} ${what}: ${parts.join(' + ')} is ${formatDuration(needed)}`
  return { message, needed }
}

export function timerTerms({
  timers,
  rollout,
  form,
  machine,
}: Pick<Workflow, 'timers' | 'rollout' | 'form' | 'machine'>): TimerTerms {
  const { atomic, concurrency } = rollout
  return { atomic, concurrency, confirmConcurrency: confirmConcurrencyOf(machine) ?? concurrency, timers, form }
}

// Switches that are confirmed together, and what their commit timers have to outlive, in seconds.
interface Unit {
  readonly verifying: number
  readonly waiting: number
  readonly handling: number
  readonly where: string
  readonly switches: number
}

function longestUnit(terms: TimerTerms, waves: readonly WaveTime[]) {
  const { atomic, timers } = terms
  const waiting = timers.soak + timers.perWave
  switch (atomic) {
    case 'change': {
      const where = `in ${waves.length} ${waves.length === 1 ? 'wave' : 'waves'}`
      return { ...unitOf(terms, waves, where), waiting: timers.soak + waves.length * timers.perWave }
    }
    case 'wave':
      return longest(waves.map((wave) => ({ ...unitOf(terms, [wave], 'in the longest wave'), waiting })))
    case 'device':
      return longest(waves.map((wave) => ({ ...oneSwitch(terms, wave), waiting })))
  }
}

function unitOf(terms: TimerTerms, waves: readonly WaveTime[], where: string): Omit<Unit, 'waiting'> {
  const { concurrency, confirmConcurrency = concurrency, roundTrip = DEFAULT_ROUND_TRIP } = terms
  const switches = waves.reduce((sum, wave) => sum + wave.switches, 0)
  const verifying = waves.reduce((sum, wave) => sum + Math.ceil(wave.switches / concurrency) * perRound(terms, wave), 0)
  const pushing = waves.reduce((sum, wave) => sum + pushSeconds({ ...wave, concurrency, roundTrip }), 0)
  const confirming = confirmSeconds({ switches, concurrency: confirmConcurrency, roundTrip })
  return { verifying, handling: Math.ceil(pushing + confirming), where, switches }
}

function oneSwitch(terms: TimerTerms, wave: WaveTime): Omit<Unit, 'waiting'> {
  const beside = { ...wave, switches: Math.min(wave.switches, terms.concurrency) }
  return { ...unitOf({ ...terms, confirmConcurrency: terms.concurrency }, [beside], 'of one switch'), switches: 1 }
}

function longest(units: readonly Unit[]) {
  const length = ({ verifying, handling }: Unit) => verifying + handling
  return units.reduce((a, b) => (length(b) > length(a) ? b : a), NOTHING)
}

const NOTHING: Unit = { verifying: 0, waiting: 0, handling: 0, where: 'in no wave', switches: 0 }

function perRound({ timers }: TimerTerms, { within }: WaveTime) {
  if (timers.verifyWithin === 0) return timers.perRound
  return Math.ceil(timers.perRound * (within / timers.verifyWithin))
}
