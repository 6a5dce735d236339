import type { QueryJudge } from '../../../model/judge.ts'
import { readPromql } from '../../../text/query/promql.ts'

/** The label of what eosflow asks besides. */
export const OWN_LABEL = 'eosflow'
/** What that label says of the time at which the server has answered. */
export const NOW = 'now'
/** What it says of the newest samples of the n-th selector, counted from 1. */
export const sampleOf = (selector: number): string => `sample ${selector}`

/**
 * What is sent for a judge: its query, and in the same request how old the newest sample of each of its selectors is, by the label that names
 * the switch, and the time of the server. So an answer without a series is told from one that was cut, and a value from one that stands still.
 */
export function sentQuery({ query, by }: Pick<QueryJudge, 'query' | 'by'>): string {
  const group = by === undefined ? '' : ` by (${by})`
  const marked = (what: string, is: string): string => `label_replace(${what}, "${OWN_LABEL}", "${is}", "", "")`
  const samples = readPromql(query).selectors.map((selector, index) =>
    marked(`min${group} (timestamp(${selector}))`, sampleOf(index + 1)),
  )
  return [`(${query}\n)`, ...samples, marked('vector(time())', NOW)].join(' or ')
}
