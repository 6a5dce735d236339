import type { QueryJudge } from '../../../model/judge.ts'
import { readPromql } from '../../../text/query/promql.ts'

export const OWN_LABEL = 'eosflow'
export const NOW = 'now'
/** What it says of the newest samples of the n-th selector, counted from 1. */
export const sampleOf = (selector: number): string => `sample ${selector}`

export function sentQuery({ query, by }: Pick<QueryJudge, 'query' | 'by'>): string {
  const group = by === undefined ? '' : ` by (${by})`
  const marked = (what: string, is: string) => `label_replace(${what}, "${OWN_LABEL}", "${is}", "", "")`
  const samples = readPromql(query).selectors.map((selector, index) =>
    marked(`min${group} (timestamp(${selector}))`, sampleOf(index + 1)),
  )
  return [`(${query}\n)`, ...samples, marked('vector(time())', NOW)].join(' or ')
}
