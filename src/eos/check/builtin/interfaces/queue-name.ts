import { z } from 'zod'
import { once } from '../../../../model/once.ts'

/** The traffic classes that a check of queues looks at. */
export const trafficClassNames = once(() =>
  z.array(z.string()).min(1).nullish().describe('The traffic classes, such as `TC0`; absent: all.'),
)

/**
 * The entry of a queue: by its own name (`TC1`), or by that of a range it lies in (`TC0-5`), as EOS gathers queues
 * with equal counters.
 */
export function entryOfQueue<T>(entries: ReadonlyMap<string, T>, queue: string): T | undefined {
  const own = entries.get(queue)
  if (own !== undefined) return own
  const [, kind, number] = /^(\D+)(\d+)$/.exec(queue) ?? []
  for (const [name, entry] of entries) {
    const [, ofKind, first, last] = /^(\D+)(\d+)-(\d+)$/.exec(name) ?? []
    if (kind !== undefined && kind === ofKind && Number(number) >= Number(first) && Number(number) <= Number(last)) {
      return entry
    }
  }
  return undefined
}

/** The traffic classes that are named, or else all that the switch shows, and the named ones that it does not. */
export function classesLookedAt<T>(
  named: readonly string[] | null | undefined,
  told: ReadonlyMap<string, T>,
): { readonly found: readonly (readonly [string, T])[]; readonly missing: readonly string[] } {
  if (!named || named.length === 0) return { found: [...told], missing: [] }
  const entries = named.map((name) => [name, entryOfQueue(told, name)] as const)
  return {
    found: entries.flatMap(([name, entry]) => (entry === undefined ? [] : [[name, entry] as const])),
    missing: entries.flatMap(([name, entry]) => (entry === undefined ? [name] : [])),
  }
}
