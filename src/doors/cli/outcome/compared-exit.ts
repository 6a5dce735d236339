import { exitCodeOfThrown, gravest } from './exit-code.ts'

interface ComparedState {
  readonly state: string
  readonly failure?: unknown
}

export function exitCodeOfCompared(found: readonly ComparedState[], detailed: boolean): number {
  if (found.every(({ state }) => state === 'unknown')) return 10
  const failed = gravest(found.map(({ state, failure }) => (state === 'unread' ? exitCodeOfThrown(failure) : 0)))
  return failed === 0 && detailed && found.some(({ state }) => state === 'differs') ? 2 : failed
}
