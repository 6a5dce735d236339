/** `make`, remembering its last `limit` values by their text. */
export function remembering<T>(limit: number, make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const old = known.get(text)
    if (old !== undefined) return old
    const made = make(text)
    const first = known.keys().next()
    if (known.size >= limit && first.done !== true) known.delete(first.value)
    known.set(text, made)
    return made
  }
}
