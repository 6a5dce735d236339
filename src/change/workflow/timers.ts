import { confirmSeconds, DEFAULT_ROUND_TRIP, pushSeconds } from '../../model/commit-time.ts'
import type { Problem } from '../../model/error.ts'
import { formatDuration } from '../../text/source/duration.ts'
import type { Workflow } from './definition/workflow.ts'
import { isOverSwitches, type StateMachine, statesIn } from './machine/machine.ts'

const LONGEST = 86_400
const MOST_AT_A_TIME = 200
// The usual time of silence of a worker, in seconds: nobody is asked for a shorter one.
const USUAL_TTL = 10

export function timerHint(terms: TimerTerms, waves: readonly WaveTime[], fault: TimerFault): string {
  const isShortEnough = fault.needed < LONGEST
  const ways = [
    isShortEnough ? above(fault) : undefined,
    moreAtATime(terms, waves, fault),
    fewerRounds(terms, waves),
    smallerUnits(terms, waves),
    terms.timers.perRound > 0 ? 'a shorter `within`' : undefined,
    shorterTtl(terms, fault),
  ].filter((way) => way !== undefined)
  return `${isShortEnough ? '' : 'a commit timer runs for 24h at most: '}set ${ways.join(', or ')}`
}

function moreAtATime(terms: TimerTerms, waves: readonly WaveTime[], { needed }: TimerFault) {
  const counts = Array.from({ length: MOST_AT_A_TIME - terms.concurrency }, (_, index) => {
    const count = terms.concurrency + 1 + index
    return { count, fault: timerFault(atATime(terms, count), waves) }
  })
  const enough = counts.find(({ fault }) => fault === undefined)
  if (enough !== undefined) return atATimeWords(terms, enough.count)
  const least = Math.min(...counts.map(({ fault }) => fault?.needed ?? 0))
  const most = counts.find(({ fault }) => fault?.needed === least)
  if (most?.fault === undefined || least >= Math.min(needed, LONGEST)) return undefined
  return `${atATimeWords(terms, most.count)} with ${above(most.fault)}`
}

function atATime(terms: TimerTerms, count: number): TimerTerms {
  return { ...terms, concurrency: count, confirmConcurrency: Math.max(count, terms.confirmConcurrency ?? 0) }
}

function atATimeWords({ form = 'steps' }: TimerTerms, count: number) {
  return form === 'steps'
    ? `\`concurrency: ${count}\``
    : `\`MaxConcurrency: ${count}\` in the Maps that push and confirm`
}

function fewerRounds(terms: TimerTerms, waves: readonly WaveTime[]): string | undefined {
  if (terms.atomic !== 'change') return undefined
  const usual = Math.min(...waves.map(({ within }) => within))
  const rest = waves.filter(({ within }) => within === usual).reduce((sum, { switches }) => sum + switches, 0)
  const halves = [Math.ceil(rest / 2), Math.floor(rest / 2)].filter((switches) => switches > 0)
  const longer = waves.filter(({ within }) => within > usual)
  const joined = [...longer, ...halves.map((switches) => ({ switches, within: usual }))]
  return timerFault(terms, joined) === undefined ? "`waves: ['100%']`" : undefined
}

function smallerUnits(terms: TimerTerms, waves: readonly WaveTime[]) {
  if (terms.atomic === 'device' || terms.form === 'states') return undefined
  const byWave: TimerTerms = { ...terms, atomic: 'wave' }
  const largest = Math.max(...waves.map(({ switches }) => switches))
  const holds = (size: number) =>
    timerFault(
      byWave,
      waves.map((wave) => ({ ...wave, switches: Math.min(wave.switches, size) })),
    ) === undefined
  const size = Array.from({ length: largest }, (_, index) => largest - index).find(holds)
  if (size === undefined) return undefined
  if (terms.atomic === 'wave') return `\`waves: [${size}]\``
  return size === largest ? '`atomic: wave`' : `\`atomic: wave\` with \`waves: [${size}]\``
}

function shorterTtl({ timers: { confirmWithin, failover = 0 } }: TimerTerms, { needed }: TimerFault) {
  const most = failover - (needed - confirmWithin) - 1
  return most < USUAL_TTL ? undefined : `\`ttl\` of \`workers\` to ${formatDuration(most)} at most`
}

function above({ needed }: TimerFault) {
  return `\`confirmWithin\` above ${formatDuration(needed)}`
}

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

export function timerProblem(
  workflow: Pick<Workflow, 'timers' | 'timerAt' | 'rollout' | 'form' | 'machine'>,
  waves: readonly (readonly string[])[],
): Problem | undefined {
  const times = waves.map((wave) => ({ switches: wave.length, within: workflow.timers.verifyWithin }))
  const terms = timerTerms(workflow)
  const fault = timerFault(terms, times)
  if (fault === undefined) return undefined
  return { code: 'timer-too-short', message: fault.message, at: workflow.timerAt, hint: timerHint(terms, times, fault) }
}

/** How many switches are confirmed at a time; undefined where the machine does not say so. */
export function confirmConcurrencyOf(machine: StateMachine): number | undefined {
  return concurrencyOf(machine, 'confirm')
}

/** How many switches at a time the Map goes over that holds the first state with a task; undefined where none says so. */
export function concurrencyOf(machine: StateMachine, task: string): number | undefined {
  const found = statesIn(machine).find(({ state }) => state.kind === 'Task' && state.task === task)
  const maps = found?.around.filter((one) => one.kind === 'Map').filter(isOverSwitches)
  const most = maps?.at(-1)?.maxConcurrency
  return most?.from === 'literal' && typeof most.value === 'number' ? most.value : undefined
}
