import { count } from '../text/count.ts'
import type { IdleExcuse } from './comply.ts'

/** What is the matter with an exception: whose it is, and that it is over or means nothing. */
export function idleWords({ idle, owner, until, because, lines }: IdleExcuse): string {
  const of = `the exception of ${owner} (${because})`
  if (idle === 'unused') return `${of} means nothing that differs`
  const meant =
    lines === 0 ? 'nothing that differs' : `${count(lines, 'line')} that ${lines === 1 ? 'differs' : 'differ'}`
  return `${of} has ended on ${until}, and means ${meant}`
}
