import { passUnless, type Verdict } from '../../../model/verdict.ts'

/** Every counter of that name is there and good. `fault` says what the others are. */
export function judgeCounters(
  counters: Readonly<Record<string, number | null>> = {},
  names: readonly string[],
  isGood: (value: number | null | undefined) => boolean,
  fault: string,
): Verdict {
  if (Object.keys(counters).length === 0) return passUnless(['SNMP counters not found'])
  const bad = [...new Set(names)].filter((name) => !isGood(counters[name])).sort()
  return passUnless(bad.length === 0 ? [] : [`${fault}: ${bad.join(', ')}`])
}
