/** What the switch does not tell is `Not found`. */
export function aboveThreshold(what: string, threshold: number, actual: number | undefined): readonly string[] {
  return actual !== undefined && actual <= threshold
    ? []
    : [`${what} above threshold - Expected: <= ${threshold} Actual: ${actual ?? 'Not found'}`]
}
