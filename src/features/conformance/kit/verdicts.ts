import type { Json } from '../../../model/json.ts'
import type { KitFact, ProbeResult } from './contract/finding.ts'
import type { Probe } from './contract/probe.ts'

/** What a run says of one row of docs/unproven.md. */
export interface RowVerdict {
  readonly row: string
  readonly verdict: 'proven' | 'refuted' | 'not reached'
  readonly says: string
  readonly probes: readonly string[]
}

/**
 * The verdict about each row that probes may settle, in the order of the probes: refuted where one finding says so, proven where one was made, and
 * not reached where none was.
 */
export function rowVerdicts(probes: readonly Probe[], results: readonly ProbeResult[]): readonly RowVerdict[] {
  const rows = [...new Set(probes.flatMap(({ rows: named }) => named))]
  return rows.map((row) => {
    const asking = probes.filter(({ rows: named }) => named.includes(row)).map(({ id }) => id)
    const findings = results.flatMap(({ findings: found }) => found.filter((one) => one.row === row))
    const refuting = findings.filter(({ holds }) => !holds)
    if (refuting.length > 0) return { row, verdict: 'refuted', says: saying(refuting), probes: asking }
    if (findings.length > 0) return { row, verdict: 'proven', says: saying(findings), probes: asking }
    return { row, verdict: 'not reached', says: whyNot(row, asking, results), probes: asking }
  })
}

const saying = (findings: readonly { readonly says: string }[]) =>
  [...new Set(findings.map(({ says }) => says))].join('; ')

function whyNot(row: string, asking: readonly string[], results: readonly ProbeResult[]) {
  const tried = results.filter(({ probe }) => asking.includes(probe))
  if (tried.length === 0) return 'the probe was not tried'
  const because = tried.flatMap(({ failure, skipped }) => {
    const missed = skipped.filter(({ settles }) => settles?.includes(row) !== false)
    return [...(failure === undefined ? [] : [failure]), ...missed.map(({ step, why }) => `${step}: ${why}`)]
  })
  return because[0] ?? 'the switch showed nothing of it'
}

/** The facts in findings that differ from what the simulator says of the version, each once. */
export function deviatingFacts(results: readonly ProbeResult[]): readonly KitFact[] {
  const facts = new Map<string, Json>()
  for (const { findings } of results)
    for (const { holds, fact } of findings) if (!holds && fact !== undefined) facts.set(fact.key, fact.value)
  return [...facts].map(([key, value]) => ({ key, value }))
}
