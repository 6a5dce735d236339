type Value = number | string

/** The faults of counters that should be zero, of those that are named or else of all. `absent`: what one that is not told is. */
export function counterFaults(
  what: string,
  counters: Readonly<Record<string, Value>>,
  wanted: readonly string[] | undefined,
  absent: Value,
): readonly string[] {
  const names = wanted !== undefined && wanted.length > 0 ? wanted : Object.keys(counters)
  return names.flatMap((name) => {
    const value = counters[name] ?? absent
    return value === 0 || value === NO_FAMILY ? [] : [`Non-zero ${what} - ${name}: ${value}`]
  })
}

/** What `disabledAfiSafi`, the one counter that is a word, is where no update error disabled an address family. */
const NO_FAMILY = 'None'
