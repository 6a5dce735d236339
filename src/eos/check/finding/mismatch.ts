import { printed } from '../answer/printed.ts'

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
