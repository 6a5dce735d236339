import { passUnless, type Verdict } from '../../../../model/verdict.ts'

/** Every counter of that name is there and good. `fault` says what the others are. */
export function judgeCounters(
  counters: ReadonlyMap<string, number | null> | undefined,
  names: readonly string[],
  isGood: (value: number | null | undefined) => boolean,
  fault: string,
): Verdict {
  if (counters === undefined || counters.size === 0) return passUnless(['SNMP counters not found'])
  const bad = [...new Set(names)].filter((name) => !isGood(counters.get(name))).sort()
  return passUnless(bad.length === 0 ? [] : [`${fault}: ${bad.join(', ')}`])
}
