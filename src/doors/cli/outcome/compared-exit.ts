import { exitCodeOfThrown, gravest } from './exit-code.ts'

/** How a switch was found that was compared: `unknown` where there is nothing to compare it with. */
interface ComparedState {
  readonly state: string
  readonly failure?: unknown
}

/** A switch that could not be compared is graver than one that differs, and where nothing was compared nothing is good. */
export function exitCodeOfCompared(found: readonly ComparedState[], detailed: boolean): number {
  if (found.every(({ state }) => state === 'unknown')) return 10
  const failed = gravest(found.map(({ state, failure }) => (state === 'unread' ? exitCodeOfThrown(failure) : 0)))
  return failed === 0 && detailed && found.some(({ state }) => state === 'differs') ? 2 : failed
}
