import { z } from 'zod'

/**
 * What EOS keys by name (VRFs, interfaces, prefixes), read as a map in the order of the answer. A map knows no name but
 * those that the switch gave, where an object knows `constructor`.
 */
export function byName<T extends z.ZodType>(entry: T) {
  return recordOf(entry).transform((entries) => new Map(Object.entries(entries)))
}

/** What EOS keys by name, as it stands in the answer. */
export function recordOf<T extends z.ZodType>(entry: T) {
  return z.record(z.string(), entry)
}
