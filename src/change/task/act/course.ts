import type { JudgedCheck } from './context.ts'
import { isGood, type Round } from './verify-round.ts'

// How many rounds in a row must say the same before it is believed to be for good.
const ROUNDS = 3

// How EOS says that it does not know a command (docs/eos.md 1.4): no waiting teaches it.
const UNKNOWN_COMMAND = /was refused: .*(?:Invalid input|Incomplete command|Ambiguous command)/

const REMEMBERED = 3

/** Moments are milliseconds on the clock that never jumps. */
export interface Course {
  readonly begun: number
  readonly rounds: readonly Round[]
  readonly bad: number
  readonly goodSince: number | undefined
  readonly timerEnds: number
}

/** A verification before its first round. */
export function courseFrom(begun: number): Course {
  return { begun, rounds: [], bad: 0, goodSince: undefined, timerEnds: Number.POSITIVE_INFINITY }
}

/** `timerEnds` is absent where the switch did not answer: its timer runs on. */
export function withRound(course: Course, round: Round, timerEnds: number = course.timerEnds): Course {
  return {
    ...course,
    begun: course.rounds.length === 0 ? round.until : course.begun,
    rounds: [...course.rounds, round].slice(-REMEMBERED),
    bad: round.good ? 0 : course.bad + 1,
    goodSince: round.good ? (course.goodSince ?? round.until) : undefined,
    timerEnds,
  }
}

export function lastOf({ rounds }: Course): Round | undefined {
  return rounds.at(-1)
}

/** Whether it has been good for so many seconds without a break. */
export function isStable(course: Course, stableFor: number): boolean {
  const { goodSince } = course
  return goodSince !== undefined && (lastOf(course)?.at ?? 0) - goodSince >= stableFor * 1000
}

/** Whether a round that begins now may be the last: it logs in anew, since a switch that takes no new login is not good. */
export function mayDecide({ goodSince }: Course, { stableFor }: { readonly stableFor: number }, now: number): boolean {
  return goodSince !== undefined && now >= goodSince + stableFor * 1000
}

export type CertainFailure =
  | { readonly because: 'late' | 'timer'; readonly lines: readonly string[] }
  | { readonly because: 'certain'; readonly lines: readonly string[] }

export function hopelessness(
  course: Course,
  { within, stableFor }: { readonly within: number; readonly stableFor: number },
  now: number,
): CertainFailure | undefined {
  const certain = certainFailures(course.rounds.map(({ firstAsked }) => firstAsked))
  if (certain.length > 0) return { because: 'certain', lines: linesOf(certain) }
  const stable = Math.max(now, (course.goodSince ?? now) + stableFor * 1000)
  const over = course.begun + within * 1000
  if (stable <= Math.min(over, course.timerEnds)) return undefined
  const lines = linesOf(lastOf(course)?.verdicts.filter((one) => !isGood(one)) ?? [])
  return { because: stable > over ? 'late' : 'timer', lines }
}

export function linesOf(judged: Round['verdicts']): readonly string[] {
  return judged.flatMap(({ check, verdict }) => {
    if (verdict.status === 'fail') return verdict.reasons.map((reason) => `${check}: ${reason}`)
    return verdict.status === 'error' ? [`${check} could not be judged: ${verdict.reason}`] : []
  })
}

export function decidedAt(
  course: Course,
  { within, stableFor }: { readonly within: number; readonly stableFor: number },
): number {
  const over = Math.min(course.begun + within * 1000, course.timerEnds)
  if (course.goodSince === undefined) return over - stableFor * 1000
  return isStable(course, stableFor) ? over : course.goodSince + stableFor * 1000
}

/**
 * How old a look at a neighbour may be that others asked for, so that one that several switches have is asked once for all that
 * look at it at about the same time: half a pause, newer than the round before, and for the round that decides not at all.
 */
export function oldestLook(
  course: Course,
  terms: { readonly within: number; readonly stableFor: number },
  { now, every }: { readonly now: number; readonly every: number },
): number {
  const last = lastOf(course)
  if (last === undefined) return course.begun
  return now >= decidedAt(course, terms) ? now : Math.max(last.at + 1, now - every * 500)
}

// How old an answer of an outside judge may be at most that is shared, in milliseconds.
const OLDEST_ANSWER = 30_000

/**
 * How old an answer of an outside judge may be that others asked for: a pause, and newer than the round before. It says itself how old what
 * it knows is, so the round that decides may share one as well: all switches together ask once in a round.
 */
export function oldestAnswer(course: Course, { now, every }: { readonly now: number; readonly every: number }): number {
  return Math.max((lastOf(course)?.at ?? Number.NEGATIVE_INFINITY) + 1, now - Math.min(every * 1000, OLDEST_ANSWER))
}

/** The verdicts that cannot become good any more, given those on what was first asked after the change in the last rounds, the newest last: checks that ask for what the switch does not know, refused in several rounds in a row. */
export function certainFailures(rounds: readonly (readonly JudgedCheck[])[]): readonly JudgedCheck[] {
  const last = rounds.slice(-ROUNDS)
  const newest = last.at(-1) ?? []
  if (last.length < ROUNDS) return []
  return newest.filter((judged) => isUnknown(judged) && last.every((round) => round.some((one) => isSame(one, judged))))
}

function isUnknown({ verdict }: JudgedCheck) {
  return verdict.status === 'error' && UNKNOWN_COMMAND.test(verdict.reason)
}

function isSame(a: JudgedCheck, b: JudgedCheck) {
  return a.check === b.check && JSON.stringify(a.verdict) === JSON.stringify(b.verdict)
}
