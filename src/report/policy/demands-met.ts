import { type ApprovalDemand, LOCAL_DEMAND } from '../../change/policy/approval-case.ts'
import { demandWords } from './explanation.ts'

interface DemandProgress {
  readonly words: string
  readonly have: number
  readonly count: number
}

/** The demands in words, each once. */
export function demandsMet(
  demands: readonly { readonly demand: ApprovalDemand; readonly have: number }[],
): readonly DemandProgress[] {
  const worded = demands.map(({ demand, have }) => ({ words: demandWords(demand), have, count: demand.count }))
  const bare = new Set(worded.map(({ count }) => demandWords({ ...LOCAL_DEMAND, count })))
  const most = Math.max(0, ...worded.flatMap(({ words, count }) => (bare.has(words) ? [] : [count])))
  const shown = worded.filter(({ words, count }) => !bare.has(words) || count > most)
  return [...new Map(shown.map((one) => [one.words, one])).values()]
}
