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

/** A name with what the catalog remarks on it, as subjects of messages have it: `10.0.0.1 (spine1)`. */
export function remarked(name: string, description: string | null | undefined): string {
  return description ? `${name} (${description})` : name
}

/** A value as Python prints it, which messages of the catalogue have from there: `True`, `None`. */
export function printed(value: string | number | boolean | null | undefined): string {
  if (value === undefined || value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return String(value)
}

/** A flag as Python prints it. */
export function printedFlag(flag: boolean | undefined): 'True' | 'False' {
  return flag === true ? 'True' : 'False'
}

/** A flag in EOS's word for a state. */
export function enabledWord(enabled: boolean): 'enabled' | 'disabled' {
  return enabled ? 'enabled' : 'disabled'
}

/** A number as Python prints a float: `75.0`, `232.5`. */
export function printedFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/** A number with that many decimals as Python prints it: of two that are as near, the even one (74.125 is `74.12`). */
export function printedDecimals(value: number, decimals: number): string {
  const text = value.toFixed(decimals)
  const isHalfway = Number.isInteger(value * 2 ** (decimals + 1)) && value.toFixed(decimals + 1).endsWith('5')
  if (!isHalfway || !/[13579]$/.test(text)) return text
  return (Number(text) - Math.sign(value) * 10 ** -decimals).toFixed(decimals)
}

type Told = string | number | boolean

/**
 * One fault in the words of the catalogue, `<what> - Expected: … Actual: …`; none where both are the same. What the
 * switch does not tell is `Not found`, or `absent` where the catalogue has another word for it, and never as expected.
 */
export function mismatch(
  what: string,
  expected: Told,
  actual: Told | null | undefined,
  absent = 'Not found',
): readonly string[] {
  if (actual === expected) return []
  return [`${what} - Expected: ${printed(expected)} Actual: ${printed(actual ?? absent)}`]
}

/** What the switch does not tell is `Not found`. */
export function aboveThreshold(what: string, threshold: number, actual: number | undefined): readonly string[] {
  return actual !== undefined && actual <= threshold
    ? []
    : [`${what} above threshold - Expected: <= ${threshold} Actual: ${actual ?? 'Not found'}`]
}
