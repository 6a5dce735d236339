import { formatDuration } from '../../text/source/duration.ts'
import { type TimerFault, type TimerTerms, timerFault, type WaveTime } from './timers.ts'

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
