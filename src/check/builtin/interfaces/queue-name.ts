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
