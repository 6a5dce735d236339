/** A pure function of one text that is worked out once for each text. */
export function remembered<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const answer = known.get(text)
    if (answer !== undefined || known.has(text)) return answer as T
    const computed = compute(text)
    known.set(text, computed)
    return computed
  }
}
