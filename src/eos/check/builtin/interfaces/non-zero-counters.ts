/** The counters that are not zero, as messages list them: `inErrors: 42, outErrors: 10`; empty when all are. */
export function nonZeroCounters(counters: Iterable<readonly [string, number]>): string {
  return [...counters]
    .filter(([, value]) => value > 0)
    .map(([counter, value]) => `${counter}: ${value}`)
    .join(', ')
}
