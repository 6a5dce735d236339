const MOST = 5

/** Names in a sentence: `leaf1`, `leaf1 and leaf3`, the first of many and how many more there are. */
export function someNames(names: readonly string[]): string {
  const rest = names.length - MOST
  if (rest > 1) return `${names.slice(0, MOST).join(', ')} and ${rest} more`
  const [last = '', ...others] = names.toReversed()
  return others.length === 0 ? last : `${others.toReversed().join(', ')} and ${last}`
}
