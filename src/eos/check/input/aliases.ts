import { z } from 'zod'

/** An object whose keys may also be written by other names, given as `{alias: name}`. A key under its own name wins. */
export function withAliases<T extends z.ZodType>(aliases: Readonly<Record<string, string>>, schema: T) {
  return z.preprocess((written) => {
    if (typeof written !== 'object' || written === null || Array.isArray(written)) return written
    const entries = Object.entries(written)
    const aliased = entries.flatMap(([key, value]) => {
      const name = Object.hasOwn(aliases, key) ? aliases[key] : undefined
      return name === undefined ? [] : [[name, value] as const]
    })
    return Object.fromEntries([...aliased, ...entries.filter(([key]) => !Object.hasOwn(aliases, key))])
  }, schema)
}
