/** A shorter one is replaced only where its place says that it is a secret (docs/security.md#values-that-are-no-secrets). */
export function isDistinctive(value: string): boolean {
  const kinds = [/\d/, /[A-Za-z]/, /[^\dA-Za-z]/].filter((kind) => kind.test(value)).length
  return value.length >= 8 || (value.length >= 5 && kinds > 1)
}

export function withoutValues(text: string, values: ReadonlyMap<string, string>): string {
  const found = anyOf([...values.keys()].filter(isDistinctive))
  return found === undefined ? text : text.replace(new RegExp(found, 'g'), (value) => values.get(value) ?? '')
}

/** A pattern for any of some texts, the longest that is there; undefined for none. */
export function anyOf(texts: readonly string[]): string | undefined {
  const escaped = texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return escaped.length === 0 ? undefined : escaped.toSorted((a, b) => b.length - a.length).join('|')
}

export function wordsLeft(text: string, values: Iterable<string>): readonly string[] {
  const words = new Set(text.match(/\w+/g))
  return [...values].filter((value) => !isDistinctive(value) && words.has(value))
}
