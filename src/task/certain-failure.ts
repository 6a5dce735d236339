import type { JudgedCheck } from './context.ts'

/** How many rounds in a row must say the same before it is believed to be for good. */
const ROUNDS = 3

/** How EOS says that it does not know a command (docs/eos.md 1.4): no waiting teaches it. */
const UNKNOWN_COMMAND = /was refused: .*(?:Invalid input|Incomplete command|Ambiguous command)/

/**
 * The verdicts that cannot become good any more, given those on what was first asked after the change in the last rounds, the
 * newest last: checks that ask for what the switch does not know, refused in several rounds in a row. Everything else may still heal.
 */
export function certainFailures(rounds: readonly (readonly JudgedCheck[])[]): readonly JudgedCheck[] {
  const last = rounds.slice(-ROUNDS)
  const newest = last.at(-1) ?? []
  if (last.length < ROUNDS) return []
  return newest.filter((judged) => isUnknown(judged) && last.every((round) => round.some((one) => isSame(one, judged))))
}

function isUnknown({ verdict }: JudgedCheck): boolean {
  return verdict.status === 'error' && UNKNOWN_COMMAND.test(verdict.reason)
}

function isSame(a: JudgedCheck, b: JudgedCheck): boolean {
  return a.check === b.check && JSON.stringify(a.verdict) === JSON.stringify(b.verdict)
}
