import { isLookedAt } from '../../change/engine/around.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import { definedMembers, unlessEmpty } from '../../model/json.ts'
import type { NetworkReading } from '../../model/network-reading.ts'
import { type ProbeReading, probeName, type SeenStandings, type TimeBounds } from '../../model/probe.ts'
import { clockTime, count, present } from '../text/text.ts'
import { spokenTime } from './spoken.ts'

/** `cut`: it was gone for a time while the change was in force; `gone-before`: it was gone before already, so that nobody lost it by the change; `not-measured`: for some of the time nobody knows. */
export type ProbeResult = 'answered' | 'cut' | 'gone-before' | 'not-measured'

export interface ProbeRow {
  readonly name: string
  readonly result: ProbeResult
  readonly isGone: boolean
  readonly reading: ProbeReading
}

export interface Disruption {
  readonly isOver: boolean
  readonly words: string
  readonly probes: readonly ProbeRow[]
  readonly seen?: SeenStandings
}

/** What was measured of the pairs that a change names; undefined where it names none, and before its first timed commit. */
export function disruptionOf({ probes }: Pick<ExecutionState, 'probes'>): Disruption | undefined {
  if (probes === undefined) return undefined
  const rows = probes.readings.map(
    ({ reading }): ProbeRow => ({
      name: probeName(reading),
      result: resultOf(reading),
      isGone: reading.now === 'gone',
      reading,
    }),
  )
  const isOver = !probes.isMeasuring
  return {
    isOver,
    words: isOver ? overWords(rows) : runningWords(rows),
    probes: rows,
    ...(probes.seen && { seen: probes.seen }),
  }
}

export function seenWords({ looked, down }: SeenStandings): {
  readonly head: string
  readonly each: readonly string[]
} {
  const all = `${count(looked, 'session or port', 'sessions and ports')} that the rounds read`
  if (down.length === 0) return { head: `Of ${all} none was seen down`, each: [] }
  const each = down.map(({ device, thing, by, from, to, ...bounds }) => {
    const when =
      to === undefined ? `since ${clockTime(from)}, not seen up again` : `from ${clockTime(from)} to ${clockTime(to)}`
    return `${device}: ${thing} was down for ${boundsWords(bounds)} ${when}, by ${by === 'switch' ? 'the clock of the switch' : 'the rounds'}`
  })
  return { head: `Of ${all} ${down.length === 1 ? '1 was' : `${down.length} were`} down`, each }
}

export function resultOf({ before, gone, unmeasured, sent }: ProbeReading): ProbeResult {
  if (before === 'gone') return 'gone-before'
  if (gone.times > 0) return 'cut'
  return unmeasured.times > 0 || sent === 0 ? 'not-measured' : 'answered'
}

// `users were cut off for 2.0 to 4.0 s on 1 of 6 probes: leaf1 to 10.0.250.13 vrf PROD (each second); 1 was not measured all the time`.
function overWords(rows: readonly ProbeRow[]) {
  const of = (result: ProbeResult) => rows.filter((row) => row.result === result)
  const [cut, answered, before, unmeasured] = [of('cut'), of('answered'), of('gone-before'), of('not-measured')]
  const all = count(rows.length, 'probe')
  const heard = [...cut, ...answered]
  const each = heard.length === 0 ? '' : ` (${resolutionWords(heard)})`
  const partly = cut.filter(({ reading }) => reading.unmeasured.times > 0)
  const rest = present(
    partly.length > 0 && `${partly.length} of these ${partly.length === 1 ? 'was' : 'were'} not measured all the time`,
    others(unmeasured.filter(isNever), 'not measured'),
    others(
      unmeasured.filter((row) => !isNever(row)),
      'not measured all the time',
    ),
    others(before, 'already gone before'),
  )
  if (cut.length > 0) return [`${cutWords(cut, all)}${each}`, ...rest].join('; ')
  if (answered.length > 0)
    return [`users were cut off for 0.0 s on ${answered.length} of ${all}${each}`, ...rest].join('; ')
  return `for how long users were cut off is not known: of ${all} ${rest.join('; ')}`
}

function isNever({ reading: { before, now, unmeasured } }: ProbeRow) {
  return before === 'unknown' && now === 'unknown' && unmeasured.times === 1
}

function others(rows: readonly ProbeRow[], words: string) {
  return rows.length === 0 ? [] : [`${rows.length} ${rows.length === 1 ? 'was' : 'were'} ${words}`]
}

function cutWords(cut: readonly ProbeRow[], all: string) {
  const worst = cut.reduce((a, b) => (b.reading.gone.most > a.reading.gone.most ? b : a))
  const still = cut.filter(({ isGone }) => isGone)
  const which = cut.length === 1 ? worst.name : `${worst.name} the longest`
  const end =
    still.length === 0
      ? ''
      : `, ${still.length === 1 && cut.length === 1 ? 'which' : `of which ${still.length}`} did not answer at the end`
  return `users were cut off for ${boundsWords(worst.reading.gone)} on ${cut.length} of ${all}: ${which}${end}`
}

function runningWords(rows: readonly ProbeRow[]) {
  const gone = rows.filter(({ isGone, reading }) => isGone && reading.before !== 'gone')
  const [first] = gone
  const all = count(rows.length, 'probe')
  if (first === undefined) return `what users lose is measured on ${all}, and said at the end`
  const since = first.reading.gone.spans.find(({ to }) => to === undefined)?.from
  return `users are cut off on ${gone.length} of ${all}: ${first.name}${since === undefined ? '' : ` since ${clockTime(since)}`}`
}

function resolutionWords(rows: readonly ProbeRow[]) {
  const every = Math.max(...rows.map(({ reading }) => reading.every))
  const apart = Math.max(...rows.map(({ reading }) => reading.apart))
  if (apart > every * 2000) return `answers up to ${seconds(apart)} s apart`
  return every === 1 ? 'each second' : `each ${spokenTime(every)}`
}

/** A time between bounds: `0.0 s`, `2.0 to 4.0 s`, `1 min 5 s to 1 min 7 s`. */
export function boundsWords({ least, most }: TimeBounds): string {
  if (most >= 60_000) {
    const [low, high] = [spokenTime(least / 1000), spokenTime(Math.ceil(most / 1000))]
    return low === high ? high : `${low} to ${high}`
  }
  const [low, high] = [seconds(least, Math.floor), seconds(most, Math.ceil)]
  return low === high ? `${high} s` : `${low} to ${high} s`
}

function seconds(milliseconds: number, round: (value: number) => number = Math.ceil) {
  return (round(milliseconds / 100) / 10).toFixed(1)
}

export function probeRemarks({ reading, result, isGone }: ProbeRow): readonly string[] {
  const { gone, unmeasured } = reading
  const times = gone.times > 1 ? [`${gone.times} times, the longest ${boundsWords(gone.longest)}`] : []
  const [first] = gone.spans
  return present(
    result === 'gone-before' && (isGone ? 'was already gone before' : 'was already gone before, and answers now'),
    result !== 'gone-before' &&
      first !== undefined && [
        `from ${clockTime(first.from)}${times.length === 0 && first.to !== undefined ? ` to ${clockTime(first.to)}` : ''}`,
        ...times,
      ],
    result !== 'gone-before' && isGone && 'did not answer at the end',
    result === 'not-measured' && unmeasured.times === 0 && 'it was over before it was asked again',
    unmeasured.spans.map(
      ({ from, to, because }) =>
        `not measured from ${clockTime(from)} ${to === undefined ? 'to the end' : `to ${clockTime(to)}`}: ${because}`,
    ),
    unmeasured.times > unmeasured.spans.length &&
      `and ${unmeasured.times - unmeasured.spans.length} times more not measured`,
  )
}

export function goneWords({ result, reading }: ProbeRow): string {
  if (result === 'cut') return boundsWords(reading.gone)
  return result === 'answered' ? '0.0 s' : '-'
}

export interface NetworkStanding {
  readonly network: NetworkReading['network'] | 'not-looked-at'
  /** A line for each thing that is not as before the change. */
  readonly differences: readonly string[]
  readonly more?: number
  readonly awaited?: true
  readonly latched?: readonly string[]
  readonly because?: string
}

const NOT_LOOKED_AT: NetworkStanding = { network: 'not-looked-at', differences: [] }

/**
 * Whether the network of a switch is as it was before a change that was put back. Undefined for any other switch, and where the change was never in
 * force: then there is nothing to ask.
 */
export function networkOf(execution: ExecutionState, name: string): NetworkStanding | undefined {
  if (!isLookedAt(execution, name)) return undefined
  const found = execution.networks.get(name)
  if (found === undefined) return NOT_LOOKED_AT
  if (found === 'awaited') return { ...NOT_LOOKED_AT, awaited: true }
  const { network, differences, more, latched, because } = found
  return {
    network,
    differences,
    ...definedMembers({ more, latched: unlessEmpty(latched), because }),
  }
}

/** The second word of where a switch ended: `network as before`, `3 things still differ`. */
export function networkWords({
  network,
  differences,
  more = 0,
  awaited,
}: Pick<NetworkStanding, 'network' | 'differences' | 'more' | 'awaited'>): string {
  const things = differences.length + more
  switch (network) {
    case 'same':
      return 'network as before'
    case 'differs':
      return `${count(things, 'thing')} still differ${things === 1 ? 's' : ''}`
    case 'unknown':
      return 'network unknown'
    case 'not-looked-at':
      return awaited ? 'network not read yet' : 'network not looked at'
  }
}

export function networkLines({
  differences,
  more = 0,
  latched = [],
  because,
}: Omit<NetworkStanding, 'network'>): readonly string[] {
  const rest = more === 0 ? [] : [`and ${more} more`]
  const [first, ...others] = differences
  return [because, first].filter((line) => line !== undefined).concat(latched, others, rest)
}

/** All of it in one sentence: `2 things still differ; BGP 10.0.0.1 in default: Established -> Idle; …`. */
export function networkSentence(standing: NetworkStanding): string {
  return [networkWords(standing), ...networkLines(standing)].join('; ')
}

/** The second word with the first thing that is to be said: `1 thing still differs: BGP 10.0.0.1 in default: Established -> Idle`. */
export function networkInShort(standing: NetworkStanding): string {
  return [networkWords(standing), ...networkLines(standing).slice(0, 1)].join(': ')
}

export function isOdd({ network }: Pick<NetworkStanding, 'network'>): boolean {
  return network === 'differs' || network === 'unknown'
}
