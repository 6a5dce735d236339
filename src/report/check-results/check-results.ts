import type { CheckStatus } from '../../eos/check/anta-words.ts'
import { gathered } from '../../model/map-keys.ts'

export interface CheckResult {
  readonly device: string
  readonly check: string
  readonly categories: readonly string[]
  readonly description: string
  readonly customField?: string
  readonly status: CheckStatus
  /** Expected against actual, one line each; empty where there is nothing to say. */
  readonly messages: readonly string[]
  readonly commands: readonly string[]
}

export const WORST_FIRST: readonly CheckStatus[] = ['failure', 'error', 'skipped', 'success']

export type Tally = Readonly<Record<CheckStatus, number>>

export function tallyOf(results: readonly Pick<CheckResult, 'status'>[]): Tally {
  const of = (status: CheckStatus) => results.filter((one) => one.status === status).length
  return { success: of('success'), failure: of('failure'), error: of('error'), skipped: of('skipped') }
}

/** The results by switch or by check, in the order in which these come first; within each worst first, else as they were. */
export function groupResults(
  results: readonly CheckResult[],
  by: 'device' | 'check',
): ReadonlyMap<string, readonly CheckResult[]> {
  const groups = gathered(results.map((result) => [result[by], result]))
  return new Map([...groups].map(([key, group]) => [key, group.toSorted(worstFirst)]))
}

function worstFirst(a: CheckResult, b: CheckResult) {
  return WORST_FIRST.indexOf(a.status) - WORST_FIRST.indexOf(b.status)
}
