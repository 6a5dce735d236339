type Value = number | string

/**
 * The faults of counters that should be zero: those wanted, or all that the switch tells where none are. A counter that
 * is wanted and missing is a fault, and so is no counter at all.
 */
export function counterFaults(
  what: string,
  counters: Readonly<Record<string, Value>> = {},
  wanted: readonly string[] = [],
): readonly string[] {
  const names = wanted.length > 0 ? wanted : Object.keys(counters)
  if (names.length === 0) return [`${what}s not found`]
  return names.flatMap((name) => {
    const value = counters[name] ?? 'Not Found'
    return value === zeroOf(name) ? [] : [`Non-zero ${what} - ${name}: ${value}`]
  })
}

/** The one counter that is a word names the address family that an update error disabled (ANTA documentation). */
function zeroOf(name: string): Value {
  return name === 'disabledAfiSafi' ? 'None' : 0
}
