import { passUnless, type Verdict } from '../../../model/verdict.ts'

export type Finding = { readonly fault: string } | { readonly unjudged: string }

export function verdictOf(findings: readonly Finding[]): Verdict {
  const unjudged = findings.find((finding) => 'unjudged' in finding)
  if (unjudged !== undefined) return { status: 'error', reason: unjudged.unjudged }
  return passUnless(findings.flatMap((finding) => ('fault' in finding ? [finding.fault] : [])))
}

/** Of a pattern that takes too long to match (docs/transport.md#what-people-write). */
export function tooSlow(pattern: string): Finding {
  return { unjudged: `Pattern \`${pattern}\` takes too long to match` }
}
